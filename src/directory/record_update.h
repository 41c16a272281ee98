// The judgement of one record against one user: what protocol 2.6 to 2.11 and 2.13 say about a
// change that was understood (batch_plan.h), with all its errors instead of the first.
// Pure: reads the state of the batch, changes nothing but its own draft.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/error.h"
#include "directory/caller.h"
#include "directory/text_owners.h"
#include "directory/user.h"
#include "directory/user_patch.h"

namespace muster::directory {

// What the records of a batch share; each record sees what the accepted ones before it left.
struct BatchState {
  const Caller& caller;
  TextOwners user_names;     // folded; every new name of the batch
  TextOwners federated_ids;  // every new one of the batch
  std::int64_t active_domain_admins = 0;
};

struct RecordVerdict {
  std::vector<Error> errors;    // none: accepted
  std::shared_ptr<User> after;  // null: refused, or nothing changes
};

// The flag and an account that is active in the domain: only these keep a domain governed (2.9).
[[nodiscard]] bool is_active_domain_admin(const User& user);

// Whether the caller may touch this account at all; the reason when not.
[[nodiscard]] std::vector<Error> judge_access(const Caller& caller, const User& user);

// REQUIRES: judge_access() found nothing.
[[nodiscard]] RecordVerdict judge_record(const BatchState& state, const UserPatch& patch,
                                         const User& before);

}  // namespace muster::directory
