#include "directory/object_fields.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/text.h"
#include "directory/field_names.h"
#include "directory/user_fields.h"

namespace muster::directory {
namespace {

using enum FieldId;

constexpr auto kFields = std::to_array<ObjectField>({
    {"id", "ID", "ID", kId},
    {"name__v", "Name", "String", std::nullopt},
    {"username__sys", "User Name", "String", kUserName},
    {"first_name__sys", "First Name", "String", kFirstName},
    {"last_name__sys", "Last Name", "String", kLastName},
    {"email__sys", "Email", "String", kEmail},
    {"alias__sys", "Alias", "String", kAlias},
    {"title__sys", "Title", "String", kTitle},
    {"company__sys", "Company", "String", kCompany},
    {"site__sys", "Site", "String", kSite},
    {"office_phone__sys", "Office Phone", "String", kOfficePhone},
    {"mobile_phone__sys", "Mobile Phone", "String", kMobilePhone},
    {"fax__sys", "Fax", "String", kFax},
    {"language__sys", "Language", "String", kLanguage},
    {"locale__sys", "Locale", "String", kLocale},
    {"timezone__sys", "Timezone", "String", kTimezone},
    {"security_profile__sys", "Security Profile", "Object", kSecurityProfile},
    {"security_policy__sys", "Security Policy", "Object", kSecurityPolicyId},
    {"license_type__sys", "License Type", "Picklist", kLicenseType},
    {"status__v", "Status", "Picklist", kActive},
    {"domain_admin__sys", "Domain Admin", "Boolean", kIsDomainAdmin},
    {"federated_id__sys", "Federated ID", "String", kFederatedId},
    {"last_login__sys", "Last Login", "DateTime", kLastLogin},
    {"created_date__v", "Created Date", "DateTime", kCreatedDate},
    {"created_by__v", "Created By", "Object", kCreatedBy},
    {"modified_date__v", "Last Modified Date", "DateTime", kModifiedDate},
    {"modified_by__v", "Last Modified By", "Object", kModifiedBy},
});

// The full name follows from its parts, whatever a record says; the others have no meaning here.
constexpr std::array<std::string_view, 4> kIgnored{"name__v", "send_welcome_email__sys",
                                                   "layout_profile__sys", "source_person_id__v"};
// An account that becomes active later.
constexpr std::array<std::string_view, 1> kNotSupported{"activation_date__sys"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::any_of(
      names, [name](std::string_view other) { return equals_ignoring_case(other, name); });
}

// Rows as those of the users, with the names of the records.
const std::vector<Field>& record_rows() {
  static const std::vector<Field> rows = [] {
    std::vector<Field> made;
    for (const ObjectField& field : kFields) {
      if (!field.means) continue;
      Field row = directory::field(*field.means);
      row.name = field.name;
      if (row.id == kActive) row.kind = FieldKind::kStatus;
      if (row.id == kSecurityProfile) row.required = true;
      if (row.id == kSecurityPolicyId) row.required = false;  // has a default
      made.push_back(row);
    }
    return made;
  }();
  return rows;
}

const Field* find_record_field(std::string_view name) {
  const auto& rows = record_rows();
  const auto found = std::ranges::find_if(
      rows, [name](const Field& row) { return equals_ignoring_case(row.name, name); });
  return found == rows.end() ? nullptr : &*found;
}

const Field& record_field(FieldId id) {
  const auto& rows = record_rows();
  const auto found = std::ranges::find(rows, id, &Field::id);
  return found == rows.end() ? directory::field(id) : *found;
}

}  // namespace

std::span<const ObjectField> object_fields() { return kFields; }

const FieldNames kUserNames{.find = find_field,
                            .field = field,
                            .is_ignored = [](std::string_view) { return false; },
                            .belongs_to_another_call = belongs_to_another_call,
                            .picklists_are_lists = false};

const FieldNames kObjectNames{
    .find = find_record_field,
    .field = record_field,
    .is_ignored = [](std::string_view name) { return contains(kIgnored, name); },
    .belongs_to_another_call = [](std::string_view name) { return contains(kNotSupported, name); },
    .picklists_are_lists = true};

}  // namespace muster::directory
