#include "store/postgres/user_values.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "directory/user.h"
#include "directory/user_fields.h"
#include "store/embedded/user_row.h"

namespace muster::store {
namespace {

using directory::FieldId;
using directory::LicenseType;

// Of a membership's text (directory/membership_text.h), behind the vault.
constexpr int kActivePart = 1;
constexpr int kProfilePart = 2;
constexpr int kLicensePart = 3;

std::span<const std::string> flag_names() {
  static const std::vector<std::string> kNames{"false", "true"};
  return kNames;
}

std::span<const std::string> license_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const LicenseType license :
         {LicenseType::kFull, LicenseType::kExternal, LicenseType::kReadOnly, LicenseType::kLearner,
          LicenseType::kViewBased}) {
      names.emplace_back(directory::license_name(license));
    }
    return names;
  }();
  return kNames;
}

std::vector<std::string> profile_names(const directory::Domain& domain) {
  std::vector<std::string> names;
  names.reserve(domain.profiles.size());
  for (const directory::SecurityProfile& profile : domain.profiles) names.push_back(profile.name);
  return names;
}

// Where `text` stands in the array, from 0; NULL when it does not.
std::string place_in(const std::string& names, const std::string& text) {
  return "(array_position(" + names + ", " + text + ") - 1)";
}

std::string lower(const std::string& text) { return "lower(" + text + ")"; }

bool is_time(FieldId field) {
  return directory::field(field).kind == directory::FieldKind::kDateTime;
}

// Data without a backslash, and that is nearly all of them, are cut at their quotes: each begins or
// ends a text then, and a time stands between two. That takes a tenth of what parsing them takes.
// `d.fields` are the others, parsed.
std::string data_field(FieldId field) {
  const auto fields = stored_fields();
  const auto place = std::ranges::find(fields, field) - fields.begin();
  MUSTER_ASSERT(place < std::ssize(fields));
  const auto before = 2 * (place - std::count_if(fields.begin(), fields.begin() + place, is_time));
  const std::string parsed = " ELSE d.fields ->> " + std::to_string(place) + " END)";
  const std::string cut =
      "split_part(u.data, '\"', " + std::to_string(is_time(field) ? before + 1 : before + 2) + ")";
  return "(CASE WHEN d.fields IS NULL THEN " +
         (is_time(field) ? "nullif(btrim(" + cut + ", ','), 'null')" : cut) + parsed;
}

}  // namespace

UserValues::UserValues(directory::VaultId vault, const directory::Domain& domain,
                       std::int64_t domain_id)
    : vault_(vault), domain_(domain) {
  parameters_.integer(domain_id);
}

std::string UserValues::text(FieldId field) {
  MUSTER_ASSERT(directory::is_text(field));
  return stored(field);
}

// User names have a column of their own. They are words, which it holds as they are.
std::string UserValues::folded_text(FieldId field) {
  return field == FieldId::kUserName ? "u.folded_name" : lower(text(field));
}

std::string UserValues::full_name() {
  const std::string first = stored(FieldId::kFirstName);
  return "concat_ws(' ', nullif(" + first + ", ''), nullif(" + stored(FieldId::kLastName) +
         ", ''))";
}

std::string UserValues::license() { return membership_part(kLicensePart); }

std::string UserValues::profile() { return membership_part(kProfilePart); }

std::string UserValues::number(FieldId field) {
  switch (field) {
    case FieldId::kId:
      return "u.id";
    case FieldId::kIsDomainAdmin:
    case FieldId::kDomainActive:
    case FieldId::kNeedsToChangePassword:
      return place_in(parameter(flag_names()), stored(field));
    case FieldId::kSecurityPolicyId:
    case FieldId::kCreatedDate:
    case FieldId::kCreatedBy:
    case FieldId::kModifiedDate:
    case FieldId::kModifiedBy:
    case FieldId::kDomainId:
    case FieldId::kLastLogin:
      return stored(field) + "::bigint";
    case FieldId::kActive:
      return place_in(parameter(flag_names()), membership_part(kActivePart));
    case FieldId::kLicenseType:
      return place_in(parameter(license_names()), license());
    case FieldId::kSecurityProfile:
      return place_in(parameter(profile_names(domain_)), profile());
    default:
      return "";
  }
}

// Each value is taken once, whatever the number of conditions on it: OFFSET 0 keeps the planner
// from taking it where it is used. chr(92) is the backslash.
std::string UserValues::source() const {
  if (taken_.empty()) return "users u";
  std::string columns;
  for (const auto& [name, expression] : taken_) {
    if (!columns.empty()) columns += ", ";
    columns += expression;
    columns += " COLLATE \"C\" AS ";
    columns += name;
  }
  return "users u CROSS JOIN LATERAL (SELECT CASE WHEN strpos(u.data, chr(92)) > 0 THEN "
         "u.data::jsonb END AS fields OFFSET 0) d CROSS JOIN LATERAL (SELECT " +
         columns + " OFFSET 0) f";
}

std::string UserValues::stored(FieldId field) {
  const std::string name = "field_" + std::to_string(static_cast<int>(field));
  taken_.try_emplace(name, data_field(field));
  return "f." + name;
}

// '' without a membership of vault_.
std::string UserValues::membership_part(int part) {
  if (!taken_.contains("membership")) {
    const std::string begin = parameter(";" + to_string(vault_) + ":");
    taken_.emplace("membership", "split_part(split_part(';' || " +
                                     data_field(FieldId::kVaultMembership) + ", " + begin +
                                     ", 2), ';', 1)");
  }
  return "split_part(f.membership, ':', " + std::to_string(part) + ")";
}

// Parameters -----------------------------------------------------------------------------------

std::string UserValues::last_parameter(std::string_view type) const {
  return "$" + std::to_string(parameters_.count()) + "::" + std::string(type);
}

std::string UserValues::parameter(std::int64_t value) {
  parameters_.integer(value);
  return last_parameter("bigint");
}

std::string UserValues::parameter(std::string_view value) {
  are_storable_ &= is_storable(value);
  parameters_.text(value);
  return last_parameter("text");
}

std::string UserValues::parameter(std::span<const std::int64_t> values) {
  parameters_.integers(values, [](std::int64_t value) { return value; });
  return last_parameter("bigint[]");
}

std::string UserValues::parameter(std::span<const std::string> values) {
  are_storable_ &= std::ranges::all_of(values, is_storable);
  parameters_.texts(values, [](const std::string& value) -> std::string_view { return value; });
  return last_parameter("text[]");
}

}  // namespace muster::store
