#include "store/postgres/postgres_transaction.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "base/log.h"
#include "store/audit_rows.h"
#include "store/embedded/row_text.h"
#include "store/embedded/user_row.h"
#include "store/memory_image.h"

namespace muster::store {
namespace {

using directory::FieldId;
using directory::User;
using directory::UserChange;
using directory::UserId;
using directory::VaultId;

std::int64_t id_of(const UserChange& change) { return change.after->id.value; }

// A text that is not set is nobody's key.
std::optional<std::string> key(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}
std::optional<std::string> name_key(const UserChange& change) {
  return key(directory::fold_user_name(change.after->user_name()));
}
std::optional<std::string> federated_key(const UserChange& change) {
  return key(std::string(change.after->text(FieldId::kFederatedId)));
}
bool is_admin(const UserChange& change) { return is_active_domain_admin(*change.after); }

bool changes_admins(const UserChange& change) {
  return is_admin(change) != (change.before && is_active_domain_admin(*change.before));
}

std::unexpected<Error> no_ids(const DatabaseError& error) {
  log::error("no user ids", {{"reason", error.message}});
  return fail(ErrorType::kUnexpectedError, "The database gives no user ids.");
}

// $2 to $6 of the statements that write users.
Parameters rows_of(Parameters parameters, const std::vector<UserChange>& changes,
                   const directory::Domain& domain) {
  return parameters.integers(changes, id_of)
      .texts(changes, name_key)
      .texts(changes, federated_key)
      .flags(changes, is_admin)
      .texts(changes, [&](const UserChange& change) {
        std::string data;
        append_user(data, *change.after, domain);
        return std::optional(std::move(data));
      });
}

}  // namespace

void PostgresTransaction::send(const std::string& sql, const Parameters& parameters) {
  queries_.connection().send(sql, parameters);
  has_written_ = true;
}

// Users ----------------------------------------------------------------------------------------

Result<std::int64_t> PostgresTransaction::count_active_domain_admins() {
  queries_.connection().send(
      "SELECT value FROM counter WHERE domain_id = $1 AND name = 'admins' FOR UPDATE",
      queries_.parameters());
  return queries_.ask_number("SELECT count(*) FROM users WHERE domain_id = $1 AND is_active_admin",
                             queries_.parameters());
}

Result<std::vector<UserId>> PostgresTransaction::allocate_user_ids(std::size_t count) {
  Answer<std::vector<UserId>> ids = ids_.take(count);
  if (!ids) return no_ids(ids.error());
  return std::move(*ids);
}

Result<void> PostgresTransaction::put_users(std::vector<UserChange> changes) {
  if (changes.empty()) return {};
  const auto highest = std::ranges::max(changes, {}, id_of);
  if (!highest.before) {
    if (auto raised = ids_.raise(highest.after->id); !raised) {
      return no_ids(raised.error());
    }
  }
  send_users(changes);
  send_memberships(changes);
  if (std::ranges::any_of(changes, changes_admins)) {
    send("SELECT value FROM counter WHERE domain_id = $1 AND name = 'admins' FOR UPDATE",
         queries_.parameters());
  }
  for (UserChange& change : changes) record(std::move(change));
  return finish_users();
}

// All old keys are given up first: two users of one call may swap their names.
void PostgresTransaction::send_users(const std::vector<UserChange>& changes) {
  std::vector<UserChange> added;
  std::vector<UserChange> kept;
  std::vector<UserChange> rekeyed;
  for (const UserChange& change : changes) {
    (change.before ? kept : added).push_back(change);
    if (change.before && !keeps_keys(*change.before, *change.after)) rekeyed.push_back(change);
  }
  if (!rekeyed.empty()) {
    send(
        "UPDATE users SET folded_name = NULL, federated_id = NULL WHERE domain_id = $1 AND "
        "id = ANY($2::int[])",
        queries_.parameters().integers(rekeyed, id_of));
  }
  if (!added.empty()) {
    send(
        "INSERT INTO users (domain_id, id, folded_name, federated_id, is_active_admin, data) "
        "SELECT $1::int, * FROM unnest($2::int[], $3::text[], $4::text[], $5::bool[], $6::text[])",
        rows_of(queries_.parameters(), added, *domain()));
  }
  if (!kept.empty()) {
    queries_.connection().send(
        "UPDATE users u SET folded_name = r.folded_name, federated_id = r.federated_id, "
        "is_active_admin = r.is_active_admin, data = r.data FROM unnest($2::int[], $3::text[], "
        "$4::text[], $5::bool[], $6::text[]) AS r (id, folded_name, federated_id, "
        "is_active_admin, data) WHERE u.domain_id = $1 AND u.id = r.id",
        rows_of(queries_.parameters(), kept, *domain()), kept.size());
    has_written_ = true;
  }
}

void PostgresTransaction::send_memberships(const std::vector<UserChange>& changes) {
  using Pair = std::pair<VaultId, UserId>;
  std::vector<Pair> left;
  std::vector<Pair> joined;
  for (const auto& [before, after, leaves_row] : changes) {
    for (const directory::Membership& membership : after->memberships) {
      const bool is_old = before && before->membership(membership.vault_id) != nullptr;
      if (!is_old) joined.emplace_back(membership.vault_id, after->id);
    }
    if (!before) continue;
    for (const directory::Membership& membership : before->memberships) {
      if (after->membership(membership.vault_id) == nullptr) {
        left.emplace_back(membership.vault_id, after->id);
      }
    }
  }
  const auto pairs = [&](const std::vector<Pair>& of) {
    return queries_.parameters()
        .integers(of, [](const Pair& pair) { return pair.first.value; })
        .integers(of, [](const Pair& pair) { return pair.second.value; });
  };
  if (!left.empty()) {
    send(
        "DELETE FROM membership m USING unnest($2::int[], $3::int[]) AS r (vault_id, user_id) "
        "WHERE m.domain_id = $1 AND m.vault_id = r.vault_id AND m.user_id = r.user_id",
        pairs(left));
  }
  if (!joined.empty()) {
    send(
        "INSERT INTO membership SELECT $1::int, * FROM unnest($2::int[], $3::int[]) "
        "ON CONFLICT DO NOTHING",
        pairs(joined));
  }
}

Result<void> PostgresTransaction::finish_users() {
  Result<void> done = queries_.finish();
  if (!done && queries_.failure() && queries_.failure()->is_taken_key()) {
    broken_ = Error{ErrorType::kRaceCondition,
                    "A user name, federated id or user id was just taken by someone else."};
    return std::unexpected(*broken_);
  }
  return done;
}

void PostgresTransaction::record(UserChange change) {
  const auto [place, is_first] = places_.try_emplace(change.after->id, users_.size());
  if (is_first) {
    users_.push_back(std::move(change));
    return;
  }
  UserChange& earlier = users_[place->second];
  earlier.after = std::move(change.after);
  earlier.leaves_row |= change.leaves_row;
}

Result<void> PostgresTransaction::set_last_login(UserId id, Timestamp at) {
  const auto found = queries_.find_users(std::vector{id});
  if (!found) return std::unexpected(found.error());
  const directory::UserPtr& before = found->front();
  if (!before) return fail(ErrorType::kUserNotFound, "No user " + to_string(id) + ".");
  auto after = std::make_shared<User>(*before);
  after->last_login = at;
  return put_users({{.before = before, .after = std::move(after)}});
}

// Everything else ------------------------------------------------------------------------------

// Judged at once: another node may have put other settings since this transaction began.
Result<void> PostgresTransaction::put_domain(directory::Domain domain) {
  std::string settings;
  append_domain(settings, domain);
  // Not waited for: who has locked the settings first (Queries::begin) may wait for rows of ours.
  queries_.connection().send("SELECT FROM domain WHERE domain_id = $1 FOR UPDATE NOWAIT",
                             queries_.parameters());
  queries_.connection().send(
      "UPDATE domain SET settings = $2, revision = revision + 1 WHERE domain_id = $1 AND "
      "revision = $3",
      queries_.parameters().text(settings).integer(queries_.revision()), 1);
  has_written_ = true;
  groups_ = directory::diff_groups(first_domain_->groups, domain.groups);
  queries_.set_domain(std::make_shared<const directory::Domain>(std::move(domain)));
  return queries_.finish();
}

Result<void> PostgresTransaction::put_session(const directory::Session& session) {
  send(
      "INSERT INTO session (domain_id, id_hash, user_id, vault_id, delegate_user_id, created, "
      "last_activity) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (domain_id, id_hash) DO "
      "UPDATE SET user_id = $3, vault_id = $4, delegate_user_id = $5, created = $6, "
      "last_activity = $7",
      queries_.parameters()
          .text(digest_text(session.id_hash))
          .integer(session.user_id.value)
          .integer(session.vault_id.value)
          .integer(session.delegate_user_id.value)
          .integer(milliseconds(session.created))
          .integer(milliseconds(session.last_activity)));
  return {};
}

Result<void> PostgresTransaction::end_session(const directory::Digest& id_hash) {
  send("DELETE FROM session WHERE domain_id = $1 AND id_hash = $2",
       queries_.parameters().text(digest_text(id_hash)));
  return {};
}

Result<void> PostgresTransaction::end_sessions_of(UserId id,
                                                  std::optional<directory::Digest> except) {
  send(
      "DELETE FROM session WHERE domain_id = $1 AND (user_id = $2 OR delegate_user_id = $2) AND "
      "id_hash <> $3",
      queries_.parameters().integer(id.value).text(except ? digest_text(*except) : ""));
  return {};
}

Result<void> PostgresTransaction::put_credential(UserId id,
                                                 const directory::Credential& credential) {
  std::string data;
  append_credential(data, id, credential);
  send(
      "INSERT INTO credential (domain_id, user_id, data) VALUES ($1, $2, $3) "
      "ON CONFLICT (domain_id, user_id) DO UPDATE SET data = $3",
      queries_.parameters().integer(id.value).text(data));
  return {};
}

Result<void> PostgresTransaction::append_login(const directory::LoginAuditRow& row) {
  logins_.push_back(row);
  has_written_ = true;
  return {};
}

Result<void> PostgresTransaction::put_batch(const directory::Batch& batch) {
  MUSTER_ASSERT(!batch_);
  batch_ = batch;
  has_written_ = true;
  return {};
}

Result<void> PostgresTransaction::mark_undone(const std::string& id, const std::string& by) {
  send("UPDATE batch SET undone_by = $3 WHERE domain_id = $1 AND id = $2",
       queries_.parameters().text(id).text(by));
  return {};
}

Result<void> PostgresTransaction::keep_answer(const directory::KeptAnswer& answer) {
  send(
      "INSERT INTO kept_answer (domain_id, key, body, at, answer) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (domain_id, key) DO UPDATE SET body = $3, at = $4, answer = $5",
      queries_.parameters()
          .text(digest_text(answer.key))
          .text(digest_text(answer.body))
          .integer(milliseconds(answer.at))
          .bytes(answer.text));
  return {};
}

Result<void> PostgresTransaction::forget_answers(Timestamp until) {
  send("DELETE FROM kept_answer WHERE domain_id = $1 AND at < $2",
       queries_.parameters().integer(milliseconds(until)));
  return {};
}

// The end --------------------------------------------------------------------------------------

std::int64_t PostgresTransaction::send_audit(const std::vector<directory::DomainAuditRow>& rows,
                                             std::int64_t before) {
  using Row = directory::DomainAuditRow;
  if (rows.empty()) return before;
  send(
      "INSERT INTO audit (domain_id, id, at, user_name, full_name, on_behalf_of, action, "
      "execution_id, item, item_id, is_new, changes) "
      "SELECT $1::int, $2::bigint + r.place, $3::bigint, $4, $5, $6, $7, $8, r.item, r.item_id, "
      "r.is_new, r.changes FROM unnest($9::text[], $10::int[], $11::bool[], $12::text[]) "
      "WITH ORDINALITY AS r (item, item_id, is_new, changes, place)",
      queries_.parameters()
          .integer(before)
          .integer(milliseconds(actor_.at))
          .text(actor_.user_name)
          .text(actor_.full_name)
          .text(actor_.on_behalf_of)
          .text(actor_.action)
          .text(actor_.execution_id)
          .texts(rows, [](const Row& row) -> std::string_view { return row.item; })
          .integers(rows, [](const Row& row) { return row.item_id.value; })
          .flags(rows, [](const Row& row) { return row.is_new; })
          .texts(rows, [](const Row& row) { return std::optional(changes_text(row.changes)); }));
  return before + std::ssize(rows);
}

std::int64_t PostgresTransaction::send_logins(std::int64_t before) {
  for (const directory::LoginAuditRow& row : logins_) {
    send(
        "INSERT INTO login (domain_id, id, at, user_id, user_name, full_name, source_ip, type, "
        "status, browser, platform) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        queries_.parameters()
            .integer(++before)
            .integer(milliseconds(row.timestamp))
            .integer(row.user_id.value)
            .text(row.user_name)
            .text(row.full_name)
            .text(row.source_ip)
            .text(row.type)
            .text(row.status)
            .text(row.browser)
            .text(row.platform));
  }
  return before;
}

void PostgresTransaction::send_batch(std::int64_t before) {
  if (!batch_) return;
  send(
      "INSERT INTO batch (domain_id, place, id, user_id, vault_id, operation, started, finished, "
      "records, succeeded, failed, unchanged, client_id, reference_id, undone_by) VALUES ($1, $2, "
      "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
      queries_.parameters()
          .integer(before + 1)
          .text(batch_->id)
          .integer(batch_->user_id.value)
          .integer(batch_->vault_id.value)
          .text(batch_->operation)
          .integer(milliseconds(batch_->started))
          .integer(milliseconds(batch_->finished))
          .integer(batch_->records)
          .integer(batch_->succeeded)
          .integer(batch_->failed)
          .integer(batch_->unchanged)
          .text(batch_->client_id)
          .text(batch_->reference_id)
          .text(batch_->undone_by));
}

Answer<void> PostgresTransaction::commit(const std::string& token) {
  const auto rows = audit_rows(actor_, users_, groups_, *domain());
  const std::int64_t numbered = std::ssize(rows) + std::ssize(logins_) + (batch_ ? 1 : 0);
  if (numbered > 0) {
    const auto before = numbers_.reserve(numbered);
    if (!before) return std::unexpected(before.error());
    send_batch(send_logins(send_audit(rows, *before)));
  }
  if (has_written_) {
    send("INSERT INTO commit_token (domain_id, token, refused) VALUES ($1, $2, false)",
         queries_.parameters().text(token));
  }
  is_commit_sent_ = true;
  const Answer<Rows> ended = queries_.connection().ask("COMMIT");
  if (!ended) return std::unexpected(ended.error());
  // What PostgreSQL answers to the COMMIT of a transaction that has failed before.
  if (ended->tag() == "ROLLBACK") {
    return std::unexpected(DatabaseError{"25P02", "the transaction was rolled back"});
  }
  return {};
}

}  // namespace muster::store
