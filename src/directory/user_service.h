// The users of a domain, as a caller may see and change them. Pure judgement on top of the
// Store port: no HTTP, no CSV, no clock but the one given.
//
// Thread-safe; holds references to store and clock, which outlive it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "directory/batch_log.h"
#include "directory/batch_options.h"
#include "directory/batch_plan.h"
#include "directory/caller.h"
#include "directory/clock.h"
#include "directory/record_outcome.h"
#include "directory/store.h"

namespace muster::directory {

class UserService {
 public:
  UserService(Store& store, const Clock& clock);

  // Updates, creates or upserts users as plan.rules say (protocol section 2, 3.4 to 3.7): each
  // record judged on its own against the state the earlier ones left, the accepted ones committed
  // durably with their audit rows in one transaction; outcomes in input order. When this returns a
  // BatchOutcome, its successes are on disk. `caller` is looked up again: who was disabled, demoted
  // or logged out while the body came in changes nothing any more. Errors (whole request):
  // kInvalidSessionId, kInsufficientAccess, kUnexpectedError, kOperationInProgress (an answer was
  // kept under the key meanwhile). REQUIRES: ≤ kBatchRecordsMax. With options.dry_run or an atomic
  // batch that fails, nothing is written and the outcome says so.
  [[nodiscard]] Result<BatchOutcome> write_users(const Caller& caller, const BatchPlan& plan,
                                                 const BatchOptions& options = {});

  // The bulk calls that the caller may see (7.4): those of the session's vault for who administers
  // it, all for who administers the domain. Errors: kInsufficientAccess; kInvalidData (no such
  // one).
  [[nodiscard]] Result<BatchPage> list_batches(const Caller& caller, BatchQuery query);
  [[nodiscard]] Result<Batch> retrieve_batch(const Caller& caller, const std::string& id);
  // Writes the old values of the batch back, as a batch of its own that `options.batch` describes;
  // outcomes in the order of the undone records. A user that it created is disabled. Errors: those
  // above; kOperationNotAllowed (undone already).
  [[nodiscard]] Result<BatchOutcome> undo_batch(const Caller& caller, const std::string& id,
                                                BatchOptions options);
  // The answer that was kept under the key less than a day ago.
  [[nodiscard]] Result<std::optional<KeptAnswer>> find_answer(const Digest& key);

  // Retrieve All Users (3.2). `vaults` as sent: "" (session vault), "all", "-1" or "3003,4112".
  // Errors: kInsufficientAccess, kInvalidData (unknown vault, bad list).
  [[nodiscard]] Result<UserPage> list_users(const Caller& caller, std::string_view vaults,
                                            UserQuery query);

  // VQL (5.5): the users of the session's vault, `scan.vault` being set here.
  [[nodiscard]] Result<UserPage> query_users(const Caller& caller, UserScan scan);

  // Retrieve User (3.3). Errors: kUserNotFound, kInsufficientAccess.
  [[nodiscard]] Result<UserPtr> retrieve_user(const Caller& caller, UserId id);

  // Those that nobody may ask for any more. Waits for the disk.
  [[nodiscard]] Result<void> forget_answers();

 private:
  struct WrittenCall {
    const Caller& caller;
    const BatchRules& rules;
    const BatchOptions& options;
  };

  [[nodiscard]] Result<void> remember(const WrittenCall& call, const BatchOutcome& outcome,
                                      Transaction& transaction) const;
  [[nodiscard]] bool is_fresh(const KeptAnswer& kept) const;
  template <typename Ask>
  auto answer_of(const Ask& ask) -> decltype(ask(std::declval<Reader&>()));

  Store& store_;
  const Clock& clock_;
};

}  // namespace muster::directory
