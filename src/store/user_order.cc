#include "store/user_order.h"

#include "directory/user_value.h"

namespace muster::store {

using directory::FieldId;
using directory::User;

SortKey sort_key(const User& user, FieldId field, directory::VaultId vault,
                 const directory::Domain& domain) {
  if (directory::is_text(field)) return {0, user.text(field)};
  if (field == FieldId::kLicenseType || field == FieldId::kSecurityProfile) {
    const directory::Membership* membership = user.membership(vault);
    if (membership == nullptr) return {};
    return {0, field == FieldId::kLicenseType ? directory::license_name(membership->license)
                                              : domain.profile_name(membership->profile)};
  }
  return {directory::number_of(user, field, vault).value_or(INT64_MIN), {}};
}

int compare_keys(const SortKey& a, const SortKey& b) {
  if (a.number != b.number) return a.number < b.number ? -1 : 1;
  return directory::compare_ignoring_case(a.text, b.text);
}

}  // namespace muster::store
