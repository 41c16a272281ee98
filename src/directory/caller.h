// Who is calling: the session's user in the session's vault. Every service that shows or
// changes users takes a Caller first; the rules of protocol section 2.13 are its functions.
// Plain data, made per request, owned by it.
#pragma once

#include <memory>
#include <string>

#include "base/time.h"
#include "directory/audit.h"
#include "directory/domain.h"
#include "directory/secrets.h"
#include "directory/user.h"

namespace muster::directory {

struct Caller {
  DomainPtr domain;
  UserPtr user;              // whose rights apply; in a delegated session the delegator
  VaultId vault_id;          // the session's vault
  UserPtr delegate;          // who really acts; null when not delegated
  Digest session_hash{};     // zero for callers without a session
  Timestamp session_end{};   // when the session expires at the latest
  std::string execution_id;  // UUID v7 text of this call
  // Given by SessionService::authenticate(): while a copy of it lives the request is running and
  // its session is not idle, however long an upload takes. Null for callers made otherwise.
  std::shared_ptr<const void> running = nullptr;

  // Administrative rights in `vault`: System Admin or Vault Owner with an active membership there
  // (standard profiles only: copies of them give nothing), a Domain Admin with any active
  // membership there, or administers_whole_domain().
  [[nodiscard]] bool administers(VaultId vault) const;
  // Rights of a Vault Owner in `vault`: an active Vault Owner, or a Domain Admin who is an active
  // member. Only they may grant vault_owner__v or change a Vault Owner's membership.
  [[nodiscard]] bool is_vault_owner(VaultId vault) const;
  [[nodiscard]] bool is_domain_admin() const;
  // A Domain Admin who is System Admin of some vault.
  [[nodiscard]] bool administers_whole_domain() const;
  // May call the bulk and single updates at all: an administrator of any vault, or a Domain Admin.
  // Which users, may_update() says of each.
  [[nodiscard]] bool may_update_users() const;
  // May this user be changed: a member of a vault the caller administers; every user for who
  // administers the whole domain; domain-only users for Domain Admins.
  [[nodiscard]] bool may_update(const User& target) const;
  // The caller's own account, or that of the delegate who acts for it.
  [[nodiscard]] bool is_self(UserId id) const;

  // The actor of a write: acting user, on_behalf_of when delegated.
  [[nodiscard]] Actor actor(std::string action, Timestamp at) const;
};

}  // namespace muster::directory
