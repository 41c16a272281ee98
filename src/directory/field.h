// What a user field is: the row type of the field catalogue (user_fields.h).
// The columns are those of the metadata answer (GET /metadata/objects/users).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace muster::directory {

// In the order of the metadata answer; the order is observable, and FieldId indexes the catalogue.
enum class FieldId : std::uint8_t {
  kUserName,
  kFirstName,
  kLastName,
  kAlias,
  kEmail,
  kTimezone,
  kLocale,
  kTitle,
  kOfficePhone,
  kFax,
  kMobilePhone,
  kSite,
  kIsDomainAdmin,
  kActive,
  kDomainActive,
  kSecurityPolicyId,
  kNeedsToChangePassword,
  kId,
  kCreatedDate,
  kCreatedBy,
  kModifiedDate,
  kModifiedBy,
  kDomainId,
  kVaultId,
  kFederatedId,
  kSalesforceUserName,
  kLastLogin,
  kMedidataUuid,
  kLanguage,
  kCompany,
  kGroupId,
  kSecurityProfile,
  kLicenseType,
  // Not in the metadata answer, but a name on the wire of user objects and bulk bodies.
  kDomainName,
  kVaultMembership,
  kAppLicensing,
};

inline constexpr std::size_t kMetadataFieldCount =
    static_cast<std::size_t>(FieldId::kLicenseType) + 1;
inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(FieldId::kAppLicensing) + 1;

// The text fields of a user, ascending: a User keeps them in this order.
inline constexpr std::array kTextFields{
    FieldId::kUserName,     FieldId::kFirstName,
    FieldId::kLastName,     FieldId::kAlias,
    FieldId::kEmail,        FieldId::kTimezone,
    FieldId::kLocale,       FieldId::kTitle,
    FieldId::kOfficePhone,  FieldId::kFax,
    FieldId::kMobilePhone,  FieldId::kSite,
    FieldId::kFederatedId,  FieldId::kSalesforceUserName,
    FieldId::kMedidataUuid, FieldId::kLanguage,
    FieldId::kCompany,
};

// Position of each field in kTextFields; kNoText for the others.
inline constexpr std::uint8_t kNoText = 0xFF;
inline constexpr auto kTextPlaces = [] {
  std::array<std::uint8_t, kFieldCount> places{};
  places.fill(kNoText);
  std::uint8_t next = 0;
  for (const FieldId field : kTextFields) places[static_cast<std::size_t>(field)] = next++;
  return places;
}();

[[nodiscard]] constexpr bool is_text(FieldId field) {
  return kTextPlaces[static_cast<std::size_t>(field)] != kNoText;
}

// How the value is judged and stored.
enum class FieldKind : std::uint8_t {
  kText,      // free text, length in code points
  kUserName,  // text with the rules of login names
  kEmail,     // text with the rules of e-mail addresses
  kTimezone,  // text out of a closed list
  kLocale,    //
  kLanguage,  //
  kBoolean,
  kStatus,     // a boolean that object records write as a status
  kPolicy,     // id of a security policy
  kProfile,    // name of a security profile
  kLicense,    // license type
  kDateTime,   // set by the server
  kReference,  // id set by the server
  kMembership,
  kAppLicensing,
};

struct Field {
  FieldId id;
  std::string_view name;  // wire name, "user_title__v"
  FieldKind kind;
  std::string_view type;  // metadata type, "String"
  std::uint16_t length;   // metadata length; code points for text
  bool editable;
  bool queryable;
  bool required;
  bool multivalue;
  bool on_create_editable;
  std::string_view object = {};    // metadata object, "users"; empty = key left out
  std::string_view picklist = {};  // metadata picklist; empty = key left out
};

}  // namespace muster::directory
