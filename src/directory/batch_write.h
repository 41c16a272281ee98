// One run of a bulk update, create or upsert inside one transaction: finds the users of the plan,
// judges the records in input order, writes the accepted changes together (protocol 2.2, 2.12, 3.5,
// 3.6).
//
//   BatchWrite write(caller, plan, actor);
//   if (auto done = write.run(transaction); !done) return done;
//   outcome = write.take_outcome();
//
// Made anew for each run of the closure: a store may run it again. Not thread-safe; plan and actor
// outlive it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
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

class BatchWrite {
 public:
  // `describes`: outcomes say what changed.
  BatchWrite(Caller caller, const BatchPlan& plan, const Actor& actor, bool describes = false);
  BatchWrite(const BatchWrite&) = delete;  // state_ points to caller_
  BatchWrite& operator=(const BatchWrite&) = delete;

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
  template <typename Key, typename KeyOf>
  void find_targets(std::vector<Key>& keys, const KeyOf& key_of);
  [[nodiscard]] Result<std::vector<UserPtr>> find_users(Transaction& transaction) const;
  [[nodiscard]] Result<void> load(Transaction& transaction);
  [[nodiscard]] Result<void> load_owners(Transaction& transaction);
  [[nodiscard]] const User* user_of(std::size_t record) const;
  [[nodiscard]] Result<void> judge(std::size_t record, Transaction& transaction);
  [[nodiscard]] bool joins(std::size_t record) const;
  [[nodiscard]] bool asks_for_new_user(std::size_t record) const;
  [[nodiscard]] RecordVerdict judge_record_of(std::size_t record) const;
  [[nodiscard]] std::vector<Error> find_obstacles(std::size_t record) const;
  [[nodiscard]] Error unknown_key(std::size_t record) const;
  [[nodiscard]] Error repeated_key(std::size_t record) const;
  void add_errors(std::vector<Error> errors, RecordOutcome& outcome);
  [[nodiscard]] Result<void> give_id(User& user, Transaction& transaction) const;
  void accept(const UserPtr& before, std::shared_ptr<User> after);
  [[nodiscard]] Result<void> write(Transaction& transaction);

  Caller caller_;  // as the records so far left it
  const BatchPlan& plan_;
  const Actor& actor_;
  const bool describes_;
  BatchState state_;
  User blank_;  // what a new user is before its record
  std::vector<UserId> ids_;
  std::vector<std::string> keys_;  // of records that are found by another key than the id
  std::vector<Target> targets_;    // one a record
  std::vector<UserPtr> users_;     // one an id or a key; null: there is none
  std::vector<UserChange> changes_;
  std::vector<UserId> disabled_;
  BatchOutcome outcome_;
  ErrorBudget budget_;
};

}  // namespace muster::directory
