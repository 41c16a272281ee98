// The domain a directory belongs to: its vaults, security policies and profiles, and what
// else the seed file sets. Small, immutable once published, shared by pointer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "directory/ids.h"
#include "directory/user.h"

namespace muster::directory {

struct Vault {
  VaultId id;
  std::string name;    // "Quality"
  std::string dns;     // "quality.example.com", may carry a port
  std::string family;  // "quality__v"
  bool active = true;
  std::vector<std::string> applications;
};

struct SecurityPolicy {
  PolicyId id;  // name__v on the wire ("821")
  std::string label;
  std::string description;
  bool active = true;
  bool sso = false;  // authentication_type__v "SSO"
  bool require_number = true;
  bool require_uppercase = true;
  bool require_nonalphanumeric = false;
  int min_length = 8;       // 7, 8, 10 or 12
  int expiration_days = 0;  // 0 = never
  int history_reuse = 0;    // last n passwords may not come again; 0 = unlimited
};

struct SecurityProfile {
  std::string name;   // "system_admin__v"; is_word(), being a part of membership texts
  std::string label;  // "System Administrator"
};

struct Group {
  GroupId id;
  std::string name;
  std::string label;
  std::string description;
  bool active = true;
  bool system_group = false;
  std::vector<UserId> members = {};  // ascending, nobody twice
  // Names; whoever has one of these profiles in a vault is an implied member there.
  std::vector<std::string> security_profiles = {};
  bool allow_delegation = false;  // allow_delegation_among_members__v
  UserId created_by = kSystemUserId;
  UserId modified_by = kSystemUserId;
  Timestamp created_date{};  // 0 = not known
  Timestamp modified_date{};

  friend bool operator==(const Group&, const Group&) = default;
};

// The system group of every vault's users but the external ones. No user is named in it: the
// profiles make them members.
inline constexpr GroupId kAllInternalUsers{1};

struct Delegation {
  VaultId vault_id;
  UserId delegator;
  UserId delegate;
};

// How many licenses of a type were bought (licenses of the seed file, 3.11); 0 = not tracked.
struct LicensePool {
  LicenseType type = LicenseType::kFull;
  int licensed = 0;
};

struct Domain {
  DomainId id;
  std::string name;                 // "example.com": the domain part of home user names
  std::string type = "Production";  // Production, Sandbox, Demo, Test
  std::vector<Vault> vaults;        // oldest first
  std::vector<SecurityPolicy> policies;
  std::vector<SecurityProfile> profiles;  // the standard seven first (kBusinessAdmin ...)
  std::vector<Group> groups;
  GroupId last_group_id;  // the highest ever given through the API: ids do not come again
  std::vector<Delegation> delegations;
  std::vector<LicensePool> licenses;

  [[nodiscard]] const Vault* find_vault(VaultId id) const;
  [[nodiscard]] const Vault* find_vault_by_dns(std::string_view dns) const;  // ASCII case ignored
  [[nodiscard]] const SecurityPolicy* find_policy(PolicyId id) const;
  [[nodiscard]] const Group* find_group(GroupId id) const;
  // Whether a security profile makes the user a member in that vault, by an active membership.
  [[nodiscard]] bool is_implied_member(const Group& group, const User& user, VaultId vault) const;
  // That, or named in it.
  [[nodiscard]] bool is_member(const Group& group, const User& user, VaultId vault) const;
  [[nodiscard]] std::optional<ProfileIndex> find_profile(std::string_view name) const;
  [[nodiscard]] const std::string& profile_name(ProfileIndex profile) const;
};

using DomainPtr = std::shared_ptr<const Domain>;

// Adds the group kAllInternalUsers, made at `now`, to a domain without it. Whether it did.
bool add_all_internal_users(Domain& domain, Timestamp now);

// The seven profiles every domain has, in the order of kBusinessAdmin ... kViewBasedUser.
[[nodiscard]] const std::vector<SecurityProfile>& standard_profiles();

}  // namespace muster::directory
