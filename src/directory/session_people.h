// The people of a session, as the store has them at one moment: whose rights apply, who acts.
//
//   Caller caller{.vault_id = session.vault_id};
//   auto loaded = load_people(reader, session.user_id, session.delegate_user_id, caller);
//
// Pure but for the reader; used by one thread.
#pragma once

#include <expected>

#include "base/result.h"
#include "directory/caller.h"
#include "directory/ids.h"
#include "directory/store.h"

namespace muster::directory {

// kInvalidSessionId in one wording, whatever is wrong with the session.
[[nodiscard]] std::unexpected<Error> invalid_session();

// Fills in domain, user and delegate (`delegate` 0: not delegated) for the caller's vault.
// kInvalidSessionId when the account, or the person acting for it, may not enter (any more).
[[nodiscard]] Result<void> load_people(Reader& reader, UserId user, UserId delegate,
                                       Caller& caller);

// `caller` with the rights of this moment: the body of its request may have taken days. That its
// session has expired meanwhile is excused (protocol 4.5). kInvalidSessionId when the session was
// ended, or as load_people().
[[nodiscard]] Result<Caller> renewed(Reader& reader, const Caller& caller, Timestamp now);

}  // namespace muster::directory
