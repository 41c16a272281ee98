#include "directory/caller.h"

#include <algorithm>
#include <utility>

namespace muster::directory {
namespace {

// Active membership in `vault` or nothing: an inactive one gives no rights.
const Membership* active_membership(const User& user, VaultId vault) {
  const Membership* membership = user.membership(vault);
  return membership != nullptr && membership->active ? membership : nullptr;
}

bool is_system_admin_somewhere(const User& user) {
  return std::ranges::any_of(user.memberships, [](const Membership& membership) {
    return membership.active && membership.profile == kSystemAdmin;
  });
}

}  // namespace

bool Caller::administers(VaultId vault) const {
  if (administers_whole_domain()) return true;
  const Membership* membership = active_membership(*user, vault);
  if (membership == nullptr) return false;
  return is_domain_admin() || membership->profile == kSystemAdmin ||
         membership->profile == kVaultOwner;
}

bool Caller::is_vault_owner(VaultId vault) const {
  const Membership* membership = active_membership(*user, vault);
  return membership != nullptr && (is_domain_admin() || membership->profile == kVaultOwner);
}

bool Caller::is_domain_admin() const { return user->is_domain_admin && user->domain_active; }

bool Caller::administers_whole_domain() const {
  return is_domain_admin() && is_system_admin_somewhere(*user);
}

bool Caller::may_update_users() const {
  return is_domain_admin() ||
         std::ranges::any_of(user->memberships, [this](const Membership& membership) {
           return administers(membership.vault_id);
         });
}

bool Caller::may_update(const User& target) const {
  if (administers_whole_domain()) return true;
  if (target.memberships.empty()) return is_domain_admin();
  return std::ranges::any_of(target.memberships, [this](const Membership& membership) {
    return administers(membership.vault_id);
  });
}

bool Caller::is_self(UserId id) const {
  return id == user->id || (delegate != nullptr && id == delegate->id);
}

Actor Caller::actor(std::string action, Timestamp at) const {
  const User& acting = delegate != nullptr ? *delegate : *user;
  Actor actor;
  actor.user_id = acting.id;
  actor.user_name = acting.user_name();
  actor.full_name = acting.full_name();
  if (delegate != nullptr) actor.on_behalf_of = user->user_name();
  actor.execution_id = execution_id;
  actor.action = std::move(action);
  actor.at = at;
  return actor;
}

}  // namespace muster::directory
