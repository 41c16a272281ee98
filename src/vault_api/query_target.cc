#include "vault_api/query_target.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/text.h"
#include "base/time.h"
#include "directory/field_names.h"
#include "directory/object_fields.h"
#include "directory/user_fields.h"
#include "directory/user_value.h"

namespace muster::vault_api {
namespace {

using directory::Field;
using directory::FieldId;
using directory::FieldKind;
using directory::User;

bool is_text_type(std::string_view type) { return type == "String"; }

QueryTarget make_users() {
  QueryTarget target{
      .name = "users", .label = "User", .label_plural = "Users", .fields = {}, .is_record = false};
  for (const Field& row : directory::metadata_fields()) {
    if (!row.queryable) continue;
    target.fields.push_back({.name = row.name,
                             .label = {},
                             .type = row.type,
                             .means = row.id,
                             .required = row.required,
                             .editable = row.editable,
                             .length = is_text_type(row.type) ? row.length : std::uint16_t{0}});
  }
  return target;
}

QueryTarget make_records() {
  QueryTarget target{.name = "user__sys",
                     .label = "User",
                     .label_plural = "Users",
                     .fields = {},
                     .is_record = true};
  for (const directory::ObjectField& row : directory::object_fields()) {
    QueryField field{.name = row.name, .label = row.label, .type = row.type, .means = row.means};
    if (row.means) {
      const Field& user_field = directory::field(*row.means);
      field.required = directory::kObjectNames.field(*row.means).required;
      field.editable = user_field.editable;
      if (is_text_type(row.type)) field.length = user_field.length;
    }
    target.fields.push_back(field);
  }
  return target;
}

void write_number(codec::JsonWriter& json, std::int64_t number, bool as_text) {
  if (!as_text) return json.number(number);
  json.string(std::to_string(number));
}

void write_picklist(codec::JsonWriter& json, std::string_view value, bool as_list) {
  if (!as_list) return json.string(value);
  json.begin_array();
  json.string(value);
  json.end_array();
}

void write_vaults(codec::JsonWriter& json, const User& user) {
  json.begin_array();
  for (const auto& membership : user.memberships) json.number(membership.vault_id.value);
  json.end_array();
}

}  // namespace

const QueryField* QueryTarget::find(std::string_view field) const {
  const auto found = std::ranges::find_if(
      fields, [field](const QueryField& row) { return equals_ignoring_case(row.name, field); });
  return found == fields.end() ? nullptr : &*found;
}

bool QueryTarget::is_set(const QueryField& field, const User& user, const ValueScope& scope) const {
  if (!field.means || field.means == FieldId::kVaultId) return true;
  if (directory::is_text(*field.means)) return !user.text(*field.means).empty();
  return number_of(user, *field.means, scope.vault).has_value();
}

void QueryTarget::write(codec::JsonWriter& json, const QueryField& field, const User& user,
                        const ValueScope& scope) const {
  if (!is_set(field, user, scope)) return json.null();
  if (!field.means) return json.string(user.full_name());
  const FieldId id = *field.means;
  if (directory::is_text(id)) return json.string(user.text(id));
  if (id == FieldId::kVaultId) return write_vaults(json, user);

  const std::int64_t number = *number_of(user, id, scope.vault);
  const auto small = static_cast<std::uint16_t>(number);  // of the two that are places in a list
  switch (directory::field(id).kind) {
    case FieldKind::kProfile:
      return json.string(scope.domain.profile_name(directory::ProfileIndex{small}));
    case FieldKind::kLicense:
      return write_picklist(
          json, directory::license_name(static_cast<directory::LicenseType>(small)), is_record);
    case FieldKind::kDateTime:
      return json.string(format_date_time(Timestamp(std::chrono::milliseconds(number))));
    case FieldKind::kBoolean:
      if (id != FieldId::kActive || !is_record) return json.boolean(number != 0);
      return write_picklist(
          json, number != 0 ? directory::kActiveStatus : directory::kInactiveStatus, true);
    default:
      return write_number(json, number, is_record);
  }
}

const QueryTarget& user_records() {
  static const QueryTarget target = make_records();
  return target;
}

const QueryTarget* find_query_target(std::string_view name) {
  static const QueryTarget users = make_users();
  if (equals_ignoring_case(name, users.name)) return &users;
  return equals_ignoring_case(name, user_records().name) ? &user_records() : nullptr;
}

}  // namespace muster::vault_api
