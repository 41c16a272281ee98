#include "vault_api/user_object.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "directory/user_fields.h"

namespace muster::vault_api {
namespace {

using directory::Field;
using directory::FieldId;
using directory::FieldKind;
using directory::User;

std::string_view name_of(FieldId id) { return directory::field(id).name; }

bool flag_of(const User& user, FieldId id) {
  if (id == FieldId::kIsDomainAdmin) return user.is_domain_admin;
  if (id == FieldId::kDomainActive) return user.domain_active;
  return user.needs_to_change_password;
}

std::optional<Timestamp> date_of(const User& user, FieldId id) {
  if (id == FieldId::kCreatedDate) return user.created_date;
  if (id == FieldId::kModifiedDate) return user.modified_date;
  return user.last_login;
}

std::int32_t reference_of(const User& user, FieldId id) {
  if (id == FieldId::kCreatedBy) return user.created_by.value;
  if (id == FieldId::kModifiedBy) return user.modified_by.value;
  if (id == FieldId::kDomainId) return user.domain_id.value;
  return user.id.value;
}

void write_app_licensing(codec::JsonWriter& json, const User& user) {
  json.key(name_of(FieldId::kAppLicensing));
  json.begin_array();
  for (const directory::AppLicense& license : user.app_licensing) {
    json.begin_object();
    json.member("vault_id", license.vault_id.value);
    json.member("application_name", license.application);
    json.member(name_of(FieldId::kActive), license.active);
    json.member(name_of(FieldId::kLicenseType), license_name(license.license));
    json.end_object();
  }
  json.end_array();
}

}  // namespace

UserObjects::UserObjects(const directory::Caller& caller, UserExtras extras)
    : domain_(*caller.domain), session_vault_(caller.vault_id), extras_(extras) {}

void UserObjects::write(codec::JsonWriter& json, const User& user) const {
  json.begin_object();
  json.key("user");
  json.begin_object();
  for (const Field& field : directory::metadata_fields()) {
    write_field(json, user, field);
    if (field.id == FieldId::kDomainId) json.member(name_of(FieldId::kDomainName), domain_.name);
  }
  if (extras_.memberships) write_memberships(json, user);
  if (extras_.app_licensing) write_app_licensing(json, user);
  if (extras_.delegate_user_id) json.member("delegate_user_id", extras_.delegate_user_id.value);
  json.end_object();
  json.end_object();
}

void UserObjects::write_field(codec::JsonWriter& json, const User& user, const Field& field) const {
  switch (field.kind) {
    case FieldKind::kBoolean:
      if (field.id == FieldId::kActive) return write_membership_field(json, user, field);
      return json.member(field.name, flag_of(user, field.id));
    case FieldKind::kProfile:
    case FieldKind::kLicense:
      return write_membership_field(json, user, field);
    case FieldKind::kPolicy:
      return json.member(field.name, user.security_policy_id.value);
    case FieldKind::kDateTime:
      if (const auto at = date_of(user, field.id)) json.member(field.name, format_date_time(*at));
      return;
    case FieldKind::kReference:
      if (field.id == FieldId::kVaultId) return write_vaults(json, user);
      if (field.id == FieldId::kGroupId) return write_groups(json, user);
      return json.member(field.name, reference_of(user, field.id));
    case FieldKind::kMembership:
    case FieldKind::kAppLicensing:
      return;
    default:
      if (const auto text = user.text(field.id); !text.empty()) json.member(field.name, text);
  }
}

// Left out for users of other vaults: what GET shows can then be sent back as it is.
void UserObjects::write_membership_field(codec::JsonWriter& json, const User& user,
                                         const Field& field) const {
  const directory::Membership* membership = user.membership(session_vault_);
  if (membership == nullptr) return;
  if (field.id == FieldId::kActive) return json.member(field.name, membership->active);
  if (field.id == FieldId::kLicenseType) {
    return json.member(field.name, license_name(membership->license));
  }
  json.member(field.name, domain_.profile_name(membership->profile));
}

void UserObjects::write_vaults(codec::JsonWriter& json, const User& user) const {
  json.key(name_of(FieldId::kVaultId));
  json.begin_array();
  for (const auto& membership : user.memberships) json.number(membership.vault_id.value);
  json.end_array();
}

void UserObjects::write_groups(codec::JsonWriter& json, const User& user) const {
  json.key(name_of(FieldId::kGroupId));
  json.begin_array();
  std::vector<directory::GroupId> ids;
  for (const directory::Group& group : domain_.groups) {
    if (domain_.is_member(group, user, session_vault_)) ids.push_back(group.id);
  }
  std::ranges::sort(ids);
  for (const directory::GroupId id : ids) json.number(id.value);
  json.end_array();
}

void UserObjects::write_memberships(codec::JsonWriter& json, const User& user) const {
  json.key(name_of(FieldId::kVaultMembership));
  json.begin_array();
  for (const auto& membership : user.memberships) {
    json.begin_object();
    json.member(name_of(FieldId::kId), membership.vault_id.value);
    json.member(name_of(FieldId::kActive), membership.active);
    json.member(name_of(FieldId::kSecurityProfile), domain_.profile_name(membership.profile));
    json.member(name_of(FieldId::kLicenseType), license_name(membership.license));
    json.end_object();
  }
  json.end_array();
}

}  // namespace muster::vault_api
