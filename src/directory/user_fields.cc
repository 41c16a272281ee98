#include "directory/user_fields.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/assert.h"
#include "base/text.h"

namespace muster::directory {
namespace {

using enum FieldId;
using Kind = FieldKind;

constexpr bool y = true;
constexpr bool n = false;

// The flags are editable, queryable, required, multivalue, on_create_editable.
constexpr std::array<Field, kFieldCount> kFields{{
    // clang-format off
    {kUserName, "user_name__v", Kind::kUserName, "String", 255, y, y, y, n, y},
    {kFirstName, "user_first_name__v", Kind::kText, "String", 100, y, y, y, n, y},
    {kLastName, "user_last_name__v", Kind::kText, "String", 100, y, y, y, n, y},
    {kAlias, "alias__v", Kind::kText, "String", 40, y, n, n, n, y},
    {kEmail, "user_email__v", Kind::kEmail, "String", 255, y, y, y, n, y},
    {kTimezone, "user_timezone__v", Kind::kTimezone, "String", 255, y, y, y, n, y},
    {kLocale, "user_locale__v", Kind::kLocale, "String", 10, y, y, y, n, y},
    {kTitle, "user_title__v", Kind::kText, "String", 255, y, y, n, n, y},
    {kOfficePhone, "office_phone__v", Kind::kText, "String", 20, y, y, n, n, y},
    {kFax, "fax__v", Kind::kText, "String", 255, y, y, n, n, y},
    {kMobilePhone, "mobile_phone__v", Kind::kText, "String", 20, y, y, n, n, y},
    {kSite, "site__v", Kind::kText, "String", 255, y, y, n, n, y},
    {kIsDomainAdmin, "is_domain_admin__v", Kind::kBoolean, "Boolean", 1, y, y, n, n, y},
    {kActive, "active__v", Kind::kBoolean, "Boolean", 1, y, y, n, n, y},
    {kDomainActive, "domain_active__v", Kind::kBoolean, "Boolean", 1, y, y, n, n, n},
    {kSecurityPolicyId, "security_policy_id__v", Kind::kPolicy, "ObjectReference", 20, y, y, y, n, y, "securitypolicies"},
    {kNeedsToChangePassword, "user_needs_to_change_password__v", Kind::kBoolean, "Boolean", 1, y, y, n, n, y},
    {kId, "id", Kind::kReference, "id", 20, n, y, y, n, n, "users"},
    {kCreatedDate, "created_date__v", Kind::kDateTime, "Calendar", 0, n, y, y, n, n},
    {kCreatedBy, "created_by__v", Kind::kReference, "ObjectReference", 20, n, y, y, n, n, "users"},
    {kModifiedDate, "modified_date__v", Kind::kDateTime, "Calendar", 0, n, y, y, n, n},
    {kModifiedBy, "modified_by__v", Kind::kReference, "ObjectReference", 20, n, y, y, n, n, "users"},
    {kDomainId, "domain_id__v", Kind::kReference, "ObjectReference", 20, n, y, y, n, n, "domains"},
    {kVaultId, "vault_id__v", Kind::kReference, "ObjectReference", 20, n, y, y, y, n, "vaults"},
    {kFederatedId, "federated_id__v", Kind::kText, "String", 100, y, y, n, n, y},
    {kSalesforceUserName, "salesforce_user_name__v", Kind::kText, "String", 255, y, y, n, n, y},
    {kLastLogin, "last_login__v", Kind::kDateTime, "Calendar", 0, n, y, n, n, n},
    {kMedidataUuid, "medidata_uuid__v", Kind::kText, "String", 255, y, y, n, n, y},
    {kLanguage, "user_language__v", Kind::kLanguage, "String", 10, y, y, y, n, y},
    {kCompany, "company__v", Kind::kText, "String", 255, y, y, n, n, y},
    {kGroupId, "group_id__v", Kind::kReference, "ObjectReference", 20, n, n, n, y, n, "groups"},
    {kSecurityProfile, "security_profile__v", Kind::kProfile, "ObjectReference", 40, y, y, n, n, y, "Securityprofile"},
    {kLicenseType, "license_type__v", Kind::kLicense, "Picklist", 40, y, y, n, n, y, "", "license_type__v"},
    {kDomainName, "domain_name__v", Kind::kText, "String", 255, n, n, n, n, n},
    {kVaultMembership, "vault_membership", Kind::kMembership, "String", 0, y, n, n, y, y},
    {kAppLicensing, "app_licensing", Kind::kAppLicensing, "String", 0, y, n, n, y, y},
    // clang-format on
}};

constexpr bool index_is_id() {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    if (static_cast<std::size_t>(kFields[i].id) != i) return false;
  }
  return true;
}
static_assert(index_is_id(), "a row of the catalogue stands in the wrong place");

constexpr std::string_view kProfileAlias = "security_profile";

// Names that only other calls know: the picture, the kind of a new account, the password.
constexpr std::array<std::string_view, 3> kOtherCallNames{"file", "domain", "password__v"};

// Open addressing over the folded names, filled by the compiler: one probe or two a lookup.
constexpr std::size_t kSlots = 128;
constexpr std::uint8_t kFree = 0xFF;

constexpr std::size_t slot_of(std::string_view name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool upper = byte >= 'A' && byte <= 'Z';
    hash = (hash ^ (upper ? byte + 0x20U : byte)) * 16777619U;
  }
  return (hash ^ (hash >> 15U)) % kSlots;
}

struct NameTable {
  std::array<std::string_view, kSlots> names{};
  std::array<std::uint8_t, kSlots> rows{};
};

constexpr NameTable make_name_table() {
  NameTable table;
  table.rows.fill(kFree);
  const auto add = [&table](std::string_view name, FieldId id) {
    std::size_t slot = slot_of(name);
    while (table.rows[slot] != kFree) slot = (slot + 1) % kSlots;
    table.names[slot] = name;
    table.rows[slot] = static_cast<std::uint8_t>(id);
  };
  for (const Field& row : kFields) add(row.name, row.id);
  add(kProfileAlias, kSecurityProfile);
  return table;
}

constexpr NameTable kNames = make_name_table();

constexpr std::size_t longest_name() {
  std::size_t longest = 0;
  for (const Field& row : kFields) longest = std::max(longest, row.name.size());
  return longest;
}

}  // namespace

std::span<const Field> all_fields() { return kFields; }

std::span<const Field> metadata_fields() { return all_fields().first(kMetadataFieldCount); }

const Field& field(FieldId id) {
  MUSTER_ASSERT(static_cast<std::size_t>(id) < kFieldCount);
  return kFields[static_cast<std::size_t>(id)];
}

const Field* find_field(std::string_view name) {
  if (name.size() > longest_name()) return nullptr;
  for (std::size_t slot = slot_of(name); kNames.rows[slot] != kFree; slot = (slot + 1) % kSlots) {
    if (equals_ignoring_case(kNames.names[slot], name)) return &kFields[kNames.rows[slot]];
  }
  return nullptr;
}

std::span<const FieldId> text_fields() { return kTextFields; }

bool belongs_to_another_call(std::string_view name) {
  return std::ranges::any_of(kOtherCallNames, [name](std::string_view other) {
    return equals_ignoring_case(other, name);
  });
}

}  // namespace muster::directory
