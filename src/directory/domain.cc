#include "directory/domain.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/text.h"

namespace muster::directory {
namespace {

// Domains have a handful of rows each: a scan beats an index.
template <typename Row, typename RowId>
const Row* find_by_id(const std::vector<Row>& rows, RowId id) {
  const auto found = std::ranges::find(rows, id, &Row::id);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const Vault* Domain::find_vault(VaultId vault) const { return find_by_id(vaults, vault); }

const Vault* Domain::find_vault_by_dns(std::string_view dns) const {
  const auto found = std::ranges::find_if(
      vaults, [dns](const Vault& vault) { return equals_ignoring_case(vault.dns, dns); });
  return found == vaults.end() ? nullptr : &*found;
}

const SecurityPolicy* Domain::find_policy(PolicyId policy) const {
  return find_by_id(policies, policy);
}

const Group* Domain::find_group(GroupId group) const { return find_by_id(groups, group); }

bool Domain::is_implied_member(const Group& group, const User& user, VaultId vault) const {
  if (group.security_profiles.empty()) return false;
  const Membership* membership = user.membership(vault);
  return membership != nullptr && membership->active &&
         std::ranges::find(group.security_profiles, profile_name(membership->profile)) !=
             group.security_profiles.end();
}

bool Domain::is_member(const Group& group, const User& user, VaultId vault) const {
  return std::ranges::binary_search(group.members, user.id) ||
         is_implied_member(group, user, vault);
}

std::optional<ProfileIndex> Domain::find_profile(std::string_view profile) const {
  const auto found = std::ranges::find(profiles, profile, &SecurityProfile::name);
  if (found == profiles.end()) return std::nullopt;
  return ProfileIndex{static_cast<std::uint16_t>(found - profiles.begin())};
}

const std::string& Domain::profile_name(ProfileIndex profile) const {
  MUSTER_ASSERT(profile.value < profiles.size());
  return profiles[profile.value].name;
}

bool add_all_internal_users(Domain& domain, Timestamp now) {
  if (domain.find_group(kAllInternalUsers) != nullptr) return false;
  Group group;
  group.id = kAllInternalUsers;
  group.name = "all_internal_users__v";
  group.label = "All Internal Users";
  group.system_group = true;
  group.created_date = group.modified_date = now;
  for (const SecurityProfile& profile : domain.profiles) {
    if (profile.name != domain.profile_name(kExternalUser)) {
      group.security_profiles.push_back(profile.name);
    }
  }
  domain.groups.insert(domain.groups.begin(), std::move(group));
  return true;
}

const std::vector<SecurityProfile>& standard_profiles() {
  static const std::vector<SecurityProfile> profiles{
      {"business_admin__v", "Business Administrator"}, {"document_user__v", "Document User"},
      {"external_user__v", "External User"},           {"read_only_user__v", "Read-Only User"},
      {"system_admin__v", "System Administrator"},     {"vault_owner__v", "Vault Owner"},
      {"view_based_user__v", "View-Based User"},
  };
  return profiles;
}

}  // namespace muster::directory
