#include "directory/user_diff.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/text.h"
#include "base/time.h"
#include "directory/app_licensing_text.h"
#include "directory/membership_text.h"
#include "directory/user_fields.h"

namespace muster::directory {
namespace {

using enum FieldId;

constexpr std::string_view flag_text(bool flag) { return flag ? "true" : "false"; }

std::unexpected<Error> unreadable(FieldId id, std::string_view text) {
  std::string message = "Unreadable stored value [" + excerpt(text) + "] of field [";
  message += field(id).name;
  message += "].";
  return fail(ErrorType::kInvalidData, std::move(message));
}

std::string vault_ids_text(const User& user) {
  std::string text;
  for (const Membership& membership : user.memberships) {
    if (!text.empty()) text += ',';
    text += to_string(membership.vault_id);
  }
  return text;
}

std::string group_ids_text(const User& user, const Domain& domain) {
  std::string text;
  for (const Group& group : domain.groups) {
    if (std::ranges::find(group.members, user.id) == group.members.end()) continue;
    if (!text.empty()) text += ',';
    text += to_string(group.id);
  }
  return text;
}

template <typename AnyId>
bool set_id(AnyId& id, std::string_view text) {
  const auto parsed = parse_id<AnyId>(text);
  id = parsed.value_or(AnyId{});
  return parsed.has_value() || text == "0";
}

bool set_flag(bool& flag, std::string_view text) {
  flag = text == "true";
  return flag || text == "false";
}

bool set_time(Timestamp& time, std::string_view text) {
  const auto parsed = parse_date_time(text);
  time = parsed.value_or(Timestamp{});
  return parsed.has_value();
}

bool set_last_login(User& user, std::string_view text) {
  user.last_login = parse_date_time(text);
  return user.last_login.has_value() || text.empty();
}

bool set_memberships(User& user, std::string_view text, const Domain& domain) {
  user.memberships.clear();
  if (text.empty()) return true;
  std::vector<MembershipPatch> parts;
  if (!parse_memberships(text, domain, parts).empty()) return false;
  for (const MembershipPatch& part : parts) {
    if (!part.active || !part.profile || !part.license) return false;
    user.set_membership({part.vault_id, *part.profile, *part.license, *part.active});
  }
  return true;
}

bool set_app_licensing(User& user, std::string_view text, const Domain& domain) {
  user.app_licensing.clear();
  if (text.empty()) return true;
  std::vector<AppLicensePatch> parts;
  if (!parse_app_licensing(text, domain, parts).empty()) return false;
  for (const AppLicensePatch& part : parts) {
    if (!part.active || !part.license) return false;
    user.set_app_license(
        {part.vault_id, std::string(part.application), *part.license, *part.active});
  }
  return true;
}

}  // namespace

std::string field_text(const User& user, FieldId field, const Domain& domain) {
  if (is_text(field)) return std::string(user.text(field));
  switch (field) {
    case kIsDomainAdmin:
      return std::string(flag_text(user.is_domain_admin));
    case kDomainActive:
      return std::string(flag_text(user.domain_active));
    case kNeedsToChangePassword:
      return std::string(flag_text(user.needs_to_change_password));
    case kSecurityPolicyId:
      return to_string(user.security_policy_id);
    case kId:
      return to_string(user.id);
    case kDomainId:
      return to_string(user.domain_id);
    case kCreatedBy:
      return to_string(user.created_by);
    case kModifiedBy:
      return to_string(user.modified_by);
    case kCreatedDate:
      return format_date_time(user.created_date);
    case kModifiedDate:
      return format_date_time(user.modified_date);
    case kLastLogin:
      return user.last_login ? format_date_time(*user.last_login) : std::string();
    case kVaultMembership:
      return format_memberships(user.memberships, domain);
    case kAppLicensing:
      return format_app_licensing(user.app_licensing);
    case kDomainName:
      return domain.name;
    case kVaultId:
      return vault_ids_text(user);
    case kGroupId:
      return group_ids_text(user, domain);
    default:
      return {};
  }
}

Result<void> set_field_text(User& user, FieldId field, std::string_view text,
                            const Domain& domain) {
  const auto set = [&]() -> bool {
    switch (field) {
      case kIsDomainAdmin:
        return set_flag(user.is_domain_admin, text);
      case kDomainActive:
        return set_flag(user.domain_active, text);
      case kNeedsToChangePassword:
        return set_flag(user.needs_to_change_password, text);
      case kSecurityPolicyId:
        return set_id(user.security_policy_id, text);
      case kId:
        return set_id(user.id, text);
      case kDomainId:
        return set_id(user.domain_id, text);
      case kCreatedBy:
        return set_id(user.created_by, text);
      case kModifiedBy:
        return set_id(user.modified_by, text);
      case kCreatedDate:
        return set_time(user.created_date, text);
      case kModifiedDate:
        return set_time(user.modified_date, text);
      case kLastLogin:
        return set_last_login(user, text);
      case kVaultMembership:
        return set_memberships(user, text, domain);
      case kAppLicensing:
        return set_app_licensing(user, text, domain);
      default:
        return false;
    }
  };
  if (is_text(field)) {
    user.set_text(field, text);
    return {};
  }
  if (!set()) return unreadable(field, text);
  return {};
}

bool differs(const User& before, const User& after, FieldId id) {
  switch (id) {
    case kIsDomainAdmin:
      return before.is_domain_admin != after.is_domain_admin;
    case kDomainActive:
      return before.domain_active != after.domain_active;
    case kSecurityPolicyId:
      return before.security_policy_id != after.security_policy_id;
    case kNeedsToChangePassword:
      return before.needs_to_change_password != after.needs_to_change_password;
    case kDomainId:
      return before.domain_id != after.domain_id;
    case kVaultMembership:
      return before.memberships != after.memberships;
    case kAppLicensing:
      return before.app_licensing != after.app_licensing;
    default:
      MUSTER_ASSERT(false);
      return true;
  }
}

}  // namespace muster::directory
