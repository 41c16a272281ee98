// One run of a bulk update inside one transaction: loads what the plan needs, judges the records
// in input order, writes the accepted changes together (protocol 2.2, 2.12).
//
//   BatchUpdate update(caller, plan, actor);
//   if (auto done = update.run(transaction); !done) return done;
//   outcome = update.take_outcome();
//
// Made anew for each run of the closure: a store may run it again. Not thread-safe; plan and actor
// outlive it.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/result.h"
#include "directory/audit.h"
#include "directory/batch_plan.h"
#include "directory/caller.h"
#include "directory/error_budget.h"
#include "directory/record_outcome.h"
#include "directory/record_update.h"
#include "directory/store.h"

namespace muster::directory {

class BatchUpdate {
 public:
  BatchUpdate(Caller caller, const BatchPlan& plan, const Actor& actor);
  BatchUpdate(const BatchUpdate&) = delete;  // state_ points to caller_
  BatchUpdate& operator=(const BatchUpdate&) = delete;

  // Errors: those of the transaction.
  [[nodiscard]] Result<void> run(Transaction& transaction);
  [[nodiscard]] BatchOutcome take_outcome() { return std::move(outcome_); }

 private:
  // Where a record's user is: its place in users_, or that an earlier record named it.
  struct Target {
    std::optional<std::size_t> user;
    bool repeated = false;
  };

  void find_targets();
  [[nodiscard]] Result<void> load(Transaction& transaction);
  [[nodiscard]] Result<void> load_owners(Transaction& transaction);
  [[nodiscard]] const User* user_of(std::size_t record) const;
  void judge(std::size_t record);
  [[nodiscard]] std::vector<Error> find_obstacles(std::size_t record) const;
  void add_errors(std::vector<Error> errors, RecordOutcome& outcome);
  void accept(const UserPtr& before, std::shared_ptr<User> after);
  [[nodiscard]] Result<void> write(Transaction& transaction);

  Caller caller_;  // as the records so far left it
  const BatchPlan& plan_;
  const Actor& actor_;
  BatchState state_;
  std::vector<UserId> ids_;
  std::vector<Target> targets_;  // one a record
  std::vector<UserPtr> users_;   // one an id
  std::vector<UserChange> changes_;
  std::vector<UserId> disabled_;
  BatchOutcome outcome_;
  ErrorBudget budget_;
};

}  // namespace muster::directory
