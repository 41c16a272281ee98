#include "store/postgres/queries.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "store/embedded/row_text.h"
#include "store/postgres/page_cut.h"
#include "store/postgres/user_sql.h"
#include "store/user_scan.h"

namespace muster::store {
namespace {

using directory::AuditPage;
using directory::AuditQuery;
using directory::UserId;
using directory::UserPtr;
using directory::VaultId;

constexpr std::int64_t kPiece = 2000;  // users read at once

std::string select(std::string_view columns, std::string_view rest) {
  return "SELECT " + std::string(columns) + " FROM " + std::string(rest);
}

std::int64_t value_of(VaultId id) { return id.value; }

std::string direction(bool descending) { return descending ? " DESC" : ""; }

// By the two parameters behind the first `count`.
std::string cut_sql(std::size_t count) {
  return " LIMIT $" + std::to_string(count + 1) + " OFFSET $" + std::to_string(count + 2);
}

// The ids of all users of the domain $1, or of those who are members of a vault in $2, each once.
std::string ids_sql(const std::optional<std::vector<VaultId>>& vaults) {
  if (!vaults) return "SELECT id FROM users WHERE domain_id = $1";
  if (vaults->size() == 1) {
    return "SELECT user_id AS id FROM membership WHERE domain_id = $1 AND "
           "vault_id = ($2::int[])[1]";
  }
  return "SELECT DISTINCT user_id AS id FROM membership WHERE domain_id = $1 AND "
         "vault_id = ANY($2::int[])";
}

template <typename Row, typename RowOf>
Result<std::vector<Row>> all_of(const Rows& rows, const RowOf& row_of) {
  std::vector<Row> read;
  for (int row = 0; row < rows.count(); ++row) {
    Result<Row> one = row_of(rows, row);
    if (!one) return std::unexpected(std::move(one.error()));
    read.push_back(std::move(*one));
  }
  return read;
}

}  // namespace

DomainCache::Entry DomainCache::get() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

void DomainCache::offer(const Entry& entry) {
  const std::lock_guard lock(mutex_);
  if (entry.revision > newest_.revision) newest_ = entry;
}

Answer<void> Queries::begin(const std::string& statement, bool alone) {
  current_ = cache_.get();
  if (statement == kReadWrite) lock_ = " FOR UPDATE";
  connection_.send(statement);
  static const std::string kSelect =
      "SELECT revision, CASE WHEN revision = $2 THEN NULL ELSE settings END FROM domain "
      "WHERE domain_id = $1";
  const auto rows = connection_.ask(kSelect + (alone ? " FOR UPDATE" : ""),
                                    parameters().integer(current_.revision));
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return std::unexpected(DatabaseError{"02000", "the domain is gone"});
  if (rows->is_null(0, 1)) return {};
  Result<directory::Domain> domain = domain_of(rows->text(0, 1));
  if (!domain) return std::unexpected(DatabaseError{"XX001", domain.error().message});
  current_ = {rows->integer(0, 0), std::make_shared<const directory::Domain>(std::move(*domain))};
  cache_.offer(current_);
  return {};
}

std::unexpected<Error> Queries::failed(DatabaseError error) {
  if (!failure_) failure_ = std::move(error);
  return fail(ErrorType::kUnexpectedError, "The database has failed.");
}

Result<Rows> Queries::ask(const std::string& sql, const Parameters& parameters) {
  Answer<Rows> rows = connection_.ask(sql, parameters);
  if (!rows) return failed(std::move(rows.error()));
  return std::move(*rows);
}

Result<std::int64_t> Queries::ask_number(const std::string& sql, const Parameters& parameters) {
  const Result<Rows> rows = ask(sql, parameters);
  if (!rows) return std::unexpected(rows.error());
  return rows->empty() ? 0 : rows->integer(0, 0);
}

Result<void> Queries::finish() {
  Answer<void> done = connection_.finish();
  if (!done) return failed(std::move(done.error()));
  return {};
}

// Users ----------------------------------------------------------------------------------------

Result<std::vector<UserPtr>> Queries::find_users(std::span<const UserId> ids) {
  static const std::string kSelect =
      "SELECT id, data FROM users WHERE domain_id = $1 AND id = ANY($2::int[]) ORDER BY id";
  const auto rows =
      ask(kSelect + lock_, parameters().integers(ids, [](UserId id) { return id.value; }));
  if (!rows) return std::unexpected(rows.error());
  const auto found = user_rows_.users(*rows, *domain());
  if (!found) return std::unexpected(found.error());
  std::unordered_map<UserId, UserPtr> by_id;
  for (const UserPtr& user : *found) by_id.emplace(user->id, user);
  std::vector<UserPtr> users;
  users.reserve(ids.size());
  for (const UserId id : ids) {
    const auto place = by_id.find(id);
    users.push_back(place == by_id.end() ? nullptr : place->second);
  }
  return users;
}

Result<std::vector<UserPtr>> Queries::find_users_by_name(
    std::span<const std::string> folded_names) {
  static const std::string kSelect =
      "SELECT id, data, folded_name FROM users WHERE domain_id = $1 AND folded_name = "
      "ANY($2::text[]) ORDER BY id";
  return find_by_text(folded_names, kSelect + lock_);
}

Result<std::vector<UserPtr>> Queries::find_users_by_federated_id(
    std::span<const std::string> federated_ids) {
  static const std::string kSelect =
      "SELECT id, data, federated_id FROM users WHERE domain_id = $1 AND federated_id = "
      "ANY($2::text[]) ORDER BY id";
  return find_by_text(federated_ids, kSelect + lock_);
}

// The third column is the text that was looked for. One that cannot be stored is nobody's: the
// answer's text is another one.
Result<std::vector<UserPtr>> Queries::find_by_text(std::span<const std::string> texts,
                                                   const std::string& sql) {
  const auto rows = ask(
      sql,
      parameters().texts(texts, [](const std::string& text) -> std::string_view { return text; }));
  if (!rows) return std::unexpected(rows.error());
  const auto found = user_rows_.users(*rows, *domain());
  if (!found) return std::unexpected(found.error());
  std::unordered_map<std::string_view, UserPtr> by_text;
  for (int row = 0; row < rows->count(); ++row) {
    by_text.emplace(rows->text(row, 2), found->at(static_cast<std::size_t>(row)));
  }
  std::vector<UserPtr> users;
  users.reserve(texts.size());
  for (const std::string& text : texts) {
    const auto place = by_text.find(text);
    users.push_back(place == by_text.end() ? nullptr : place->second);
  }
  return users;
}

Result<void> Queries::walk(const Vaults& vaults, const std::function<void(const UserPtr&)>& visit) {
  static const std::string kOfAll =
      "SELECT id, data FROM users WHERE domain_id = $1 AND id > $2 ORDER BY id LIMIT $3";
  static const std::string kOfVaults =
      "SELECT id, data FROM users u WHERE domain_id = $1 AND id > $2 AND " +
      is_member_sql("$4::int[]") + " ORDER BY id LIMIT $3";
  std::int64_t after = 0;
  while (true) {
    Parameters piece = parameters().integer(after).integer(kPiece);
    if (vaults) piece.integers(*vaults, value_of);
    const auto rows = ask(vaults ? kOfVaults : kOfAll, piece);
    if (!rows) return std::unexpected(rows.error());
    const auto users = user_rows_.users(*rows, *domain());
    if (!users) return std::unexpected(users.error());
    for (const UserPtr& user : *users) visit(user);
    if (std::ssize(*users) < kPiece) return {};
    after = users->back()->id.value;
  }
}

// The ids of the page come out of an index alone; users are looked at for the page itself.
Result<directory::UserPage> Queries::list_by_id(const directory::UserQuery& query) {
  const std::string ids = ids_sql(query.vaults);
  Parameters parameters = this->parameters();
  if (query.vaults) parameters.integers(*query.vaults, value_of);
  const auto total = ask_number("SELECT count(*) FROM (" + ids + ") i", parameters);
  if (!total) return std::unexpected(total.error());
  const PageCut cut = cut_page(query.start, query.limit, *total);
  if (cut.limit == 0) return directory::UserPage{{}, *total};
  const std::string sql = "SELECT u.id, u.data FROM (" + ids + " ORDER BY id" +
                          direction(query.descending != cut.from_end) +
                          cut_sql(parameters.count()) +
                          ") p JOIN users u ON u.domain_id = $1 AND u.id = p.id ORDER BY u.id" +
                          direction(query.descending);
  const auto rows = ask(sql, parameters.integer(cut.limit).integer(cut.offset));
  if (!rows) return std::unexpected(rows.error());
  auto users = user_rows_.users(*rows, *domain());
  if (!users) return std::unexpected(users.error());
  return directory::UserPage{std::move(*users), *total};
}

Result<directory::UserPage> Queries::list_users(const directory::UserQuery& query) {
  if (query.sort == directory::FieldId::kId) return list_by_id(query);
  directory::UserScan scan{.vault = query.session_vault,
                           .filter = {},
                           .order = {},
                           .start = query.start,
                           .limit = query.limit};
  scan.order.push_back({query.sort, query.descending});
  return find_page(scan, query.vaults);
}

Result<directory::UserPage> Queries::find_page(const directory::UserScan& scan,
                                               const Vaults& vaults) {
  const auto statement = page_statement(scan, vaults, *domain(), domain_id_);
  if (statement) {
    auto page = ask_page(*statement);
    if (!page) return std::unexpected(std::move(page.error()));
    if (*page) return std::move(**page);
  }
  ScanPage page(scan, *domain());
  const auto done = walk(vaults, [&](const UserPtr& user) {
    if (scan.filter.matches(*user, scan.vault)) page.add(user);
  });
  if (!done) return std::unexpected(done.error());
  return page.take();
}

// nullopt when a user has a text that the database cannot look at. The transaction goes on then.
Result<std::optional<directory::UserPage>> Queries::ask_page(const UserStatement& statement) {
  connection_.send("SAVEPOINT page");
  Answer<Rows> rows = connection_.ask_once(statement.sql, statement.parameters);
  if (!rows && rows.error().sqlstate == kNoSuchText) {
    connection_.send("ROLLBACK TO SAVEPOINT page");
    return std::nullopt;
  }
  if (!rows) return failed(std::move(rows.error()));
  connection_.send("RELEASE SAVEPOINT page");
  directory::UserPage page{.users = {}, .total = rows->integer(0, 2)};
  if (rows->is_null(0, 0)) return page;
  auto users = user_rows_.users(*rows, *domain());
  if (!users) return std::unexpected(std::move(users.error()));
  page.users = std::move(*users);
  return page;
}

Result<std::vector<UserPtr>> Queries::users_after(UserId after, std::size_t limit) {
  const auto rows =
      ask("SELECT id, data FROM users WHERE domain_id = $1 AND id > $2 ORDER BY id LIMIT $3",
          parameters().integer(after.value).integer(static_cast<std::int64_t>(limit)));
  if (!rows) return std::unexpected(rows.error());
  return user_rows_.users(*rows, *domain());
}

Result<directory::UserPage> Queries::scan_users(const directory::UserScan& scan) {
  if (!scan.order.empty() || !scan.filter.matches_everybody()) {
    return find_page(scan, std::vector{scan.vault});
  }
  return list_by_id({.vaults = std::vector{scan.vault},
                     .sort = directory::FieldId::kId,
                     .descending = false,
                     .session_vault = scan.vault,
                     .start = scan.start,
                     .limit = scan.limit});
}

Result<std::int64_t> Queries::count_users() {
  return ask_number("SELECT count(*) FROM users WHERE domain_id = $1", parameters());
}

// Sessions and credentials ---------------------------------------------------------------------

Result<std::optional<directory::Session>> Queries::find_session(const directory::Digest& id_hash) {
  static const std::string kSelect =
      select(kSessionColumns, "session WHERE domain_id = $1 AND id_hash = $2");
  const auto rows = ask(kSelect + lock_, parameters().text(digest_text(id_hash)));
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return session_of(*rows, 0);
}

Result<std::vector<directory::Session>> Queries::find_stale_sessions(Timestamp idle_since,
                                                                     Timestamp created_before,
                                                                     std::size_t limit) {
  static const std::string kSelect =
      select(kSessionColumns,
             "session WHERE domain_id = $1 AND (last_activity < $2 OR created < $3) "
             "ORDER BY last_activity, id_hash LIMIT $4");
  const auto rows = ask(kSelect, parameters()
                                     .integer(milliseconds(idle_since))
                                     .integer(milliseconds(created_before))
                                     .integer(static_cast<std::int64_t>(limit)));
  if (!rows) return std::unexpected(rows.error());
  return all_of<directory::Session>(*rows, session_of);
}

Result<std::optional<directory::Credential>> Queries::find_credential(UserId id) {
  const auto rows = ask("SELECT data FROM credential WHERE domain_id = $1 AND user_id = $2" + lock_,
                        parameters().integer(id.value));
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return credential_of(rows->text(0, 0));
}

// Trails and bulk calls ------------------------------------------------------------------------

// `parameters` are those of `where`.
template <typename Row, typename RowOf>
Result<AuditPage<Row>> Queries::newest_rows(std::string_view columns, const std::string& where,
                                            Parameters parameters, const AuditQuery& query,
                                            const RowOf& row_of) {
  const auto total = ask_number(select("count(*)", where), parameters);
  if (!total) return std::unexpected(total.error());
  const PageCut cut = cut_page(query.offset, query.limit, *total);
  if (cut.limit == 0) return AuditPage<Row>{{}, *total};
  const std::string sql = select(
      columns, where + " ORDER BY id" + direction(!cut.from_end) + cut_sql(parameters.count()));
  const auto rows = ask(sql, parameters.integer(cut.limit).integer(cut.offset));
  if (!rows) return std::unexpected(rows.error());
  auto page = all_of<Row>(*rows, row_of);
  if (!page) return std::unexpected(page.error());
  if (cut.from_end) std::ranges::reverse(*page);
  return AuditPage<Row>{std::move(*page), *total};
}

Result<AuditPage<directory::DomainAuditRow>> Queries::domain_audit(const AuditQuery& query) {
  Parameters parameters =
      this->parameters().integer(milliseconds(query.from)).integer(milliseconds(query.to));
  // Two statements and not one with an OR, which the planner could serve by no index.
  if (!query.item) {
    return newest_rows<directory::DomainAuditRow>(
        kAuditColumns, "audit WHERE domain_id = $1 AND at BETWEEN $2 AND $3", parameters, query,
        audit_row_of);
  }
  return newest_rows<directory::DomainAuditRow>(
      kAuditColumns, "audit WHERE domain_id = $1 AND at BETWEEN $2 AND $3 AND item_id = $4",
      parameters.integer(query.item->value), query, audit_row_of);
}

Result<AuditPage<directory::LoginAuditRow>> Queries::login_audit(const AuditQuery& query) {
  return newest_rows<directory::LoginAuditRow>(
      kLoginColumns, "login WHERE domain_id = $1 AND at BETWEEN $2 AND $3",
      parameters().integer(milliseconds(query.from)).integer(milliseconds(query.to)), query,
      [](const Rows& rows, int row) {
        return Result<directory::LoginAuditRow>(login_row_of(rows, row));
      });
}

Result<std::optional<directory::Batch>> Queries::find_batch(const std::string& id) {
  static const std::string kSelect =
      select(kBatchColumns, "batch WHERE domain_id = $1 AND id = $2");
  const auto rows = ask(kSelect + lock_, parameters().text(id));
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return batch_of(*rows, 0);
}

Result<directory::BatchPage> Queries::list_batches(const directory::BatchQuery& query) {
  const std::string where =
      std::string("batch WHERE domain_id = $1 AND ") + (query.vault ? "vault_id = $2" : "$2 = 0");
  Parameters vault = parameters().integer(query.vault ? query.vault->value : 0);
  const auto total = ask_number(select("count(*)", where), vault);
  if (!total) return std::unexpected(total.error());
  directory::BatchPage page{.batches = {}, .total = *total};
  const PageCut cut = cut_page(query.start, query.limit, *total);
  if (cut.limit == 0) return page;
  const std::string sql = select(
      kBatchColumns, where + " ORDER BY place" + direction(!cut.from_end) + cut_sql(vault.count()));
  const auto rows = ask(sql, vault.integer(cut.limit).integer(cut.offset));
  if (!rows) return std::unexpected(rows.error());
  for (int row = 0; row < rows->count(); ++row) page.batches.push_back(batch_of(*rows, row));
  if (cut.from_end) std::ranges::reverse(page.batches);
  return page;
}

Result<std::vector<directory::DomainAuditRow>> Queries::audit_of_batch(const std::string& id) {
  static const std::string kSelect =
      select(kAuditColumns,
             "audit WHERE domain_id = $1 AND execution_id = $2 AND execution_id <> '' "
             "ORDER BY id");
  const auto rows = ask(kSelect, parameters().text(id));
  if (!rows) return std::unexpected(rows.error());
  return all_of<directory::DomainAuditRow>(*rows, audit_row_of);
}

Result<std::optional<directory::KeptAnswer>> Queries::find_answer(const directory::Digest& key) {
  // There may be no row to lock yet: of two calls with one key the second waits for the first.
  if (!lock_.empty()) {
    connection_.send("SELECT pg_advisory_xact_lock($1::int, hashtext($2))",
                     parameters().text(digest_text(key)));
  }
  const auto rows =
      ask("SELECT body, at, answer FROM kept_answer WHERE domain_id = $1 AND key = $2",
          parameters().text(digest_text(key)));
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  has_found_answer_ = true;
  const Result<directory::Digest> body = digest_of(rows->text(0, 0));
  if (!body) return std::unexpected(body.error());
  return directory::KeptAnswer{
      .key = key, .body = *body, .at = timestamp(rows->integer(0, 1)), .text = rows->bytes(0, 2)};
}

}  // namespace muster::store
