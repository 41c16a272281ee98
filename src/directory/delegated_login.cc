#include "directory/delegated_login.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "directory/login_row.h"
#include "directory/login_vault.h"

namespace muster::directory {

Result<std::vector<Delegation>> usable_grants(Reader& reader, const Caller& caller) {
  const DomainPtr domain = reader.domain();
  std::vector<Delegation> grants;
  std::vector<UserId> delegators;
  for (const Delegation& grant : domain->delegations) {
    if (grant.delegate != caller.user->id) continue;
    grants.push_back(grant);
    delegators.push_back(grant.delegator);
  }
  const auto users = reader.find_users(delegators);
  if (!users) return std::unexpected(users.error());
  std::vector<Delegation> usable;
  for (std::size_t i = 0; i < grants.size(); ++i) {
    const UserPtr& delegator = (*users)[i];
    if (delegator != nullptr && may_enter(*domain, *delegator, grants[i].vault_id)) {
      usable.push_back(grants[i]);
    }
  }
  return usable;
}

Result<void> keep_delegated_session(Transaction& tx, const Caller& caller, VaultId vault,
                                    UserId delegator, const Digest& id_hash,
                                    std::string_view source_ip, Timestamp now) {
  if (caller.delegate != nullptr) {
    return fail(ErrorType::kOperationNotAllowed,
                "A delegated session cannot begin another delegated session.");
  }
  const auto grants = usable_grants(tx, caller);
  if (!grants) return std::unexpected(grants.error());
  const bool granted = std::ranges::any_of(*grants, [&](const Delegation& grant) {
    return grant.vault_id == vault && grant.delegator == delegator;
  });
  if (!granted) {
    return fail(ErrorType::kInsufficientAccess, "User [" + to_string(delegator) +
                                                    "] does not delegate vault [" +
                                                    to_string(vault) + "] to you.");
  }
  LoginAuditRow row = login_row(*caller.user, kDelegatedLogin, now);
  row.source_ip = source_ip;
  const auto kept = tx.put_session({.id_hash = id_hash,
                                    .user_id = delegator,
                                    .vault_id = vault,
                                    .delegate_user_id = caller.user->id,
                                    .created = now,
                                    .last_activity = now});
  return kept ? tx.append_login(row) : kept;
}

}  // namespace muster::directory
