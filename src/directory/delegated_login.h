// Acting for somebody else in one vault, by a grant of the seed file (protocol section 4.8). Used
// by SessionService, which adds the session id.
//
// Pure but for the store; used by one thread.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "directory/caller.h"
#include "directory/domain.h"
#include "directory/secrets.h"
#include "directory/store.h"

namespace muster::directory {

// The grants to the caller's user that can be used now: the vault is active and the delegator may
// enter it. In the order of the seed file.
[[nodiscard]] Result<std::vector<Delegation>> usable_grants(Reader& reader, const Caller& caller);

// Keeps the session `id_hash`, in which the caller's user acts as `delegator` in `vault`, with its
// row in the login audit trail. kOperationNotAllowed in a session that is delegated itself,
// kInsufficientAccess without a usable grant.
[[nodiscard]] Result<void> keep_delegated_session(Transaction& tx, const Caller& caller,
                                                  VaultId vault, UserId delegator,
                                                  const Digest& id_hash, std::string_view source_ip,
                                                  Timestamp now);

}  // namespace muster::directory
