#include "directory/user_value.h"

#include <algorithm>

namespace muster::directory {
namespace {

std::int64_t milliseconds(Timestamp at) { return at.time_since_epoch().count(); }

std::optional<std::int64_t> membership_number(const Membership* membership, FieldId field) {
  if (membership == nullptr) return std::nullopt;
  if (field == FieldId::kActive) return membership->active ? 1 : 0;
  if (field == FieldId::kLicenseType) return static_cast<std::int64_t>(membership->license);
  return membership->profile.value;
}

unsigned char lower(char c) {
  return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

}  // namespace

std::optional<std::int64_t> number_of(const User& user, FieldId field, VaultId vault) {
  switch (field) {
    case FieldId::kId:
      return user.id.value;
    case FieldId::kIsDomainAdmin:
      return user.is_domain_admin ? 1 : 0;
    case FieldId::kDomainActive:
      return user.domain_active ? 1 : 0;
    case FieldId::kNeedsToChangePassword:
      return user.needs_to_change_password ? 1 : 0;
    case FieldId::kSecurityPolicyId:
      return user.security_policy_id.value;
    case FieldId::kCreatedDate:
      return milliseconds(user.created_date);
    case FieldId::kCreatedBy:
      return user.created_by.value;
    case FieldId::kModifiedDate:
      return milliseconds(user.modified_date);
    case FieldId::kModifiedBy:
      return user.modified_by.value;
    case FieldId::kDomainId:
      return user.domain_id.value;
    case FieldId::kLastLogin:
      if (!user.last_login) return std::nullopt;
      return milliseconds(*user.last_login);
    case FieldId::kActive:
    case FieldId::kLicenseType:
    case FieldId::kSecurityProfile:
      return membership_number(user.membership(vault), field);
    default:
      return std::nullopt;  // several values, or none of the user's own
  }
}

int compare_ignoring_case(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const unsigned char left = lower(a[i]);
    const unsigned char right = lower(b[i]);
    if (left != right) return left < right ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

}  // namespace muster::directory
