#include "directory/user_service.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "base/assert.h"
#include "base/limits.h"
#include "base/text.h"
#include "directory/batch_undo.h"
#include "directory/batch_write.h"
#include "directory/session_people.h"
#include "directory/vault_selection.h"

namespace muster::directory {
namespace {

std::string action_of(const BatchRules& rules) {
  if (rules.single) return "Update User";
  switch (rules.operation) {
    case BatchOperation::kCreate:
      return "Create Users";
    case BatchOperation::kUpsert:
      return "Upsert Users";
    case BatchOperation::kUpdate:
      break;
  }
  return "Update Users";
}

std::string_view operation_of(const BatchRules& rules) {
  switch (rules.operation) {
    case BatchOperation::kCreate:
      return "create";
    case BatchOperation::kUpsert:
      return "upsert";
    case BatchOperation::kUpdate:
      break;
  }
  return "update";
}

// An atomic batch with a failing record is refused as a whole.
void refuse_together(BatchOutcome& outcome) {
  outcome.refused = !std::ranges::all_of(outcome.records, &RecordOutcome::succeeded);
  if (!outcome.refused) return;
  for (RecordOutcome& record : outcome.records) {
    if (!record.succeeded()) continue;
    if (record.created) record.id.clear();
    record = {.id = std::move(record.id),
              .errors = {{ErrorType::kOperationNotAllowed,
                          "Not applied: another record of this atomic batch failed."}}};
  }
}

// What a dry run created exists under no id.
void mark_dry(BatchOutcome& outcome) {
  outcome.dry_run = true;
  for (RecordOutcome& record : outcome.records) {
    if (record.created) record.id.clear();
  }
}

Batch complete(Batch batch, const Caller& caller, const BatchRules& rules,
               const BatchOutcome& outcome) {
  batch.id = caller.execution_id;
  batch.user_id = caller.user->id;
  batch.vault_id = caller.vault_id;
  if (batch.operation.empty()) batch.operation = operation_of(rules);
  batch.records = std::ssize(outcome.records);
  for (const RecordOutcome& record : outcome.records) {
    ++(!record.succeeded() ? batch.failed : record.changed ? batch.succeeded : batch.unchanged);
  }
  return batch;
}

std::unexpected<Error> unknown_batch(const std::string& id) {
  return fail(ErrorType::kInvalidData, "Batch [" + excerpt(id) + "] does not exist.");
}

Result<void> check_sees_batches(const Caller& caller) {
  if (caller.administers(caller.vault_id)) return {};
  return fail(ErrorType::kInsufficientAccess,
              "Batches are for System Admins and Vault Owners of the vault.");
}

// Vault of the batches that the caller sees; nullopt: of all.
std::optional<VaultId> visible_vault(const Caller& caller) {
  return caller.administers_whole_domain() ? std::nullopt : std::optional(caller.vault_id);
}

// Names appear in every screen, so whoever shares the session's vault may look.
bool may_read(const Caller& caller, const User& user) {
  return caller.is_self(user.id) || caller.is_domain_admin() || caller.may_update(user) ||
         user.membership(caller.vault_id) != nullptr;
}

}  // namespace

UserService::UserService(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

// The answer of one question in a read of its own.
template <typename Ask>
auto UserService::answer_of(const Ask& ask) -> decltype(ask(std::declval<Reader&>())) {
  decltype(ask(std::declval<Reader&>())) answer;
  const auto done = store_.read([&](Reader& reader) -> Result<void> {
    answer = ask(reader);
    if (!answer) return std::unexpected(answer.error());
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return answer;
}

Result<BatchOutcome> UserService::write_users(const Caller& caller, const BatchPlan& plan,
                                              const BatchOptions& options) {
  MUSTER_ASSERT(plan.records.size() <= limits::kBatchRecordsMax);
  const Actor actor =
      caller.actor(options.undoes.empty() ? action_of(plan.rules) : "Undo Users", clock_.now());
  BatchOutcome outcome;
  bool rolls_back = false;
  const auto done = store_.write(actor, [&](Transaction& transaction) -> Result<void> {
    rolls_back = false;
    // The caller was found before the body, which may have taken days.
    auto today = renewed(transaction, caller, actor.at);
    if (!today) return std::unexpected(std::move(today.error()));
    if (!plan.rules.single && !today->may_update_users()) {
      return fail(ErrorType::kInsufficientAccess,
                  "Only System Admins, Vault Owners and Domain Admins may change users.");
    }
    BatchWrite write(*std::move(today), plan, actor, options.dry_run);
    if (auto applied = write.run(transaction); !applied) return applied;
    outcome = write.take_outcome();
    if (options.atomic) refuse_together(outcome);
    if (options.dry_run) mark_dry(outcome);
    rolls_back = outcome.dry_run || outcome.refused;
    if (rolls_back) return fail(ErrorType::kOperationNotAllowed, "Not to be written.");
    return remember({caller, plan.rules, options}, outcome, transaction);
  });
  if (!done && !rolls_back) return std::unexpected(done.error());
  return outcome;
}

Result<void> UserService::remember(const WrittenCall& call, const BatchOutcome& outcome,
                                   Transaction& transaction) const {
  const BatchOptions& options = call.options;
  if (options.batch) {
    Batch batch = complete(*options.batch, call.caller, call.rules, outcome);
    batch.finished = clock_.now();
    if (auto put = transaction.put_batch(batch); !put) return put;
    if (!options.undoes.empty() && batch.succeeded > 0) {
      if (auto marked = transaction.mark_undone(options.undoes, batch.id); !marked) return marked;
    }
  }
  if (!options.keep) return {};
  // Of two calls with one key on two nodes the second waits here for the first, and sees it.
  const auto kept = transaction.find_answer(options.keep->key);
  if (!kept) return std::unexpected(kept.error());
  if (*kept && is_fresh(**kept)) {
    return fail(ErrorType::kOperationInProgress,
                "A call with this Idempotency-Key has just ended; ask again.");
  }
  return transaction.keep_answer({.key = options.keep->key,
                                  .body = options.keep->body,
                                  .at = clock_.now(),
                                  .text = options.keep->text(outcome)});
}

Result<BatchPage> UserService::list_batches(const Caller& caller, BatchQuery query) {
  if (auto may = check_sees_batches(caller); !may) return std::unexpected(may.error());
  query.vault = visible_vault(caller);
  return answer_of([&](Reader& reader) { return reader.list_batches(query); });
}

Result<Batch> UserService::retrieve_batch(const Caller& caller, const std::string& id) {
  if (auto may = check_sees_batches(caller); !may) return std::unexpected(may.error());
  auto batch = answer_of([&](Reader& reader) { return reader.find_batch(id); });
  if (!batch) return std::unexpected(batch.error());
  const std::optional<VaultId> vault = visible_vault(caller);
  if (!*batch || (vault && (*batch)->vault_id != *vault)) return unknown_batch(id);
  return **std::move(batch);
}

Result<BatchOutcome> UserService::undo_batch(const Caller& caller, const std::string& id,
                                             BatchOptions options) {
  const auto batch = retrieve_batch(caller, id);
  if (!batch) return std::unexpected(batch.error());
  if (!batch->undone_by.empty()) {
    return fail(ErrorType::kOperationNotAllowed,
                "Batch [" + id + "] was undone by [" + batch->undone_by + "].");
  }
  const auto rows = answer_of([&](Reader& reader) { return reader.audit_of_batch(id); });
  if (!rows) return std::unexpected(rows.error());
  options.undoes = id;
  if (options.batch) options.batch->operation = "undo";
  return write_users(caller, plan_undo(*rows, caller), options);
}

Result<std::optional<KeptAnswer>> UserService::find_answer(const Digest& key) {
  auto kept = answer_of([&](Reader& reader) { return reader.find_answer(key); });
  if (kept && *kept && !is_fresh(**kept)) return std::nullopt;
  return kept;
}

bool UserService::is_fresh(const KeptAnswer& kept) const {
  return kept.at >= clock_.now() - std::chrono::milliseconds(limits::kKeptAnswerMs);
}

Result<void> UserService::forget_answers() {
  const Timestamp now = clock_.now();
  Actor actor;
  actor.action = "Forget Answers";
  actor.at = now;
  return store_.write(actor, [&](Transaction& transaction) {
    return transaction.forget_answers(now - std::chrono::milliseconds(limits::kKeptAnswerMs));
  });
}

Result<UserPage> UserService::list_users(const Caller& caller, std::string_view vaults,
                                         UserQuery query) {
  auto selected = select_vaults(caller, vaults);
  if (!selected) return std::unexpected(std::move(selected.error()));
  query.vaults = std::move(*selected);
  query.session_vault = caller.vault_id;
  return answer_of([&](Reader& reader) { return reader.list_users(query); });
}

Result<UserPage> UserService::query_users(const Caller& caller, UserScan scan) {
  scan.vault = caller.vault_id;
  return answer_of([&](Reader& reader) { return reader.scan_users(scan); });
}

Result<UserPtr> UserService::retrieve_user(const Caller& caller, UserId id) {
  const auto found = answer_of([&](Reader& reader) { return reader.find_users(std::array{id}); });
  if (!found) return std::unexpected(found.error());
  const UserPtr& user = found->front();
  if (user == nullptr) {
    return fail(ErrorType::kUserNotFound, "User [" + to_string(id) + "] does not exist.");
  }
  if (!may_read(caller, *user)) {
    return fail(ErrorType::kInsufficientAccess, "No access to user [" + to_string(id) + "].");
  }
  return user;
}

}  // namespace muster::directory
