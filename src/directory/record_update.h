// The judgement of one record against one user: what protocol 2.6 to 2.11, 2.13 and 3.5 say about a
// change or a new user that was understood (batch_plan.h), with all its errors instead of the
// first. Pure: reads the state of the batch, changes nothing but its own draft.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/error.h"
#include "directory/batch_rules.h"
#include "directory/caller.h"
#include "directory/text_owners.h"
#include "directory/user.h"
#include "directory/user_patch.h"

namespace muster::directory {

// What the records of a batch share; each record sees what the accepted ones before it left.
struct BatchState {
  const Caller& caller;
  const BatchRules& rules;
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

// Whether the caller may touch this account at all; the reason when not. A single call may always
// try the own account: judge_record() then says which fields (3.7).
[[nodiscard]] std::vector<Error> judge_access(const Caller& caller, const User& user,
                                              const BatchRules& rules);

// REQUIRES: judge_access() found nothing.
[[nodiscard]] RecordVerdict judge_record(const BatchState& state, const UserPatch& patch,
                                         const User& before);

// A user that does not exist yet. `blank` is the account of the domain with nothing set and the id
// 0, which the verdict's user has as well.
[[nodiscard]] RecordVerdict judge_new_user(const BatchState& state, const UserPatch& patch,
                                           const User& blank, DefaultMembership membership);

// A create that names an existing account: it joins vaults, its other fields are ignored.
// kItemNameExists when it is a member already, or no vault is meant.
[[nodiscard]] RecordVerdict judge_join(const BatchState& state, const UserPatch& patch,
                                       const User& before, DefaultMembership membership);

}  // namespace muster::directory
