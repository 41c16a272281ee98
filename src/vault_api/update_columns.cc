#include "vault_api/update_columns.h"

#include "directory/user_fields.h"

namespace muster::vault_api {
namespace {

using directory::Field;
using directory::FieldId;

bool is_update_column(const Field& field) {
  return field.id == FieldId::kId || field.id == FieldId::kVaultMembership ||
         (field.editable && field.id != FieldId::kSecurityProfile &&
          field.id != FieldId::kAppLicensing);
}

}  // namespace

std::vector<const Field*> update_columns() {
  std::vector<const Field*> columns{&directory::field(FieldId::kId)};
  for (const Field& field : directory::all_fields()) {
    if (is_update_column(field) && field.id != FieldId::kId) columns.push_back(&field);
  }
  return columns;
}

}  // namespace muster::vault_api
