#include "store/postgres/postgres_archive.h"

#include <string_view>
#include <utility>

#include "store/embedded/row_text.h"
#include "store/postgres/opening.h"
#include "store/postgres/schema.h"

namespace muster::store {
namespace {

using directory::Batch;
using directory::DomainAuditRow;
using directory::LoginAuditRow;

// Member of every row, as an array for unnest().
template <typename Row, typename Member>
auto text_of(Member Row::* member) {
  return [member](const Row& row) -> std::string_view { return row.*member; };
}

// Between two pieces the other side works.
Answer<Connection> connect(const PostgresOptions& options) {
  Answer<Connection> connection = Connection::open(options.conninfo, options.password);
  if (!connection) return connection;
  const auto set =
      connection->ask("SELECT set_config('idle_in_transaction_session_timeout', '0', false)");
  if (!set) return std::unexpected(set.error());
  return connection;
}

std::unexpected<Error> no_target(const DatabaseError& error) {
  if (error.sqlstate == kWrongDomain) {
    return fail(ErrorType::kOperationNotAllowed, error.message);
  }
  return told(error);
}

}  // namespace

// Source ---------------------------------------------------------------------------------------

Result<std::unique_ptr<PostgresSource>> PostgresSource::open(const PostgresOptions& options) {
  Answer<Connection> connection = connect(options);
  if (!connection) return told(connection.error());
  if (auto migrated = migrate_schema(*connection); !migrated) return told(migrated.error());
  const auto found = find_domain(*connection, options.domain);
  if (!found) return no_target(found.error());
  if (!found->initialised) {
    return fail(ErrorType::kOperationNotAllowed, "The source database was never filled.");
  }
  const auto begun = connection->ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (!begun) return told(begun.error());
  return std::unique_ptr<PostgresSource>(
      new PostgresSource(std::move(*connection), found->domain_id));
}

// Target ---------------------------------------------------------------------------------------

Result<std::unique_ptr<PostgresTarget>> PostgresTarget::open(const PostgresOptions& options) {
  Answer<Connection> connection = connect(options);
  if (!connection) return told(connection.error());
  if (auto migrated = migrate_schema(*connection); !migrated) return told(migrated.error());
  auto opening = take_domain_to_copy(*connection, options.domain, options.filling_timeout);
  if (!opening) return no_target(opening.error());
  return std::unique_ptr<PostgresTarget>(new PostgresTarget(
      options, std::move(*connection), opening->domain_id, std::move(opening->copy_mark)));
}

PostgresTarget::PostgresTarget(const PostgresOptions& options, Connection connection,
                               std::int64_t domain_id, std::string mark)
    : connection_(std::move(connection)),
      aside_(options.conninfo, options.password, 1),
      ids_(aside_, domain_id),
      numbers_(aside_, domain_id),
      domain_id_(domain_id),
      reader_(connection_, domain_id),
      found_mark_(std::move(mark)) {}

Result<ArchivePlace> PostgresTarget::begin(const ArchiveHead& head, const std::string& content) {
  content_ = content;
  append_domain(settings_, *head.domain);
  // The transactions below find them here, and not the mark.
  domains_.offer({.revision = 0, .domain = head.domain});
  if (!found_mark_.empty()) {
    std::optional<CopyMark> mark = parse_mark(found_mark_);
    if (mark && mark->content == content) return std::move(mark->place);
    return fail(ErrorType::kOperationNotAllowed,
                "The target database holds an interrupted copy of another source, or of this one "
                "as it was before.");
  }
  connection_.send("BEGIN");
  connection_.send("UPDATE counter SET value = $2 WHERE domain_id = $1 AND name = 'user'",
                   parameters().integer(head.next_user_id.value - 1));
  send_mark({});
  if (auto done = end({}); !done) return std::unexpected(std::move(done.error()));
  return ArchivePlace{};
}

void PostgresTarget::send_mark(const ArchivePlace& place) {
  connection_.send(
      "UPDATE domain SET settings = $2 WHERE domain_id = $1",
      parameters().text(mark_text({.content = content_, .place = place}) + "\n" + settings_), 1);
}

// Commits what went well. Whether it did is known before the COMMIT is sent: it would not stop at
// rows that were not written.
Result<void> PostgresTarget::end(Result<void> done) {
  if (done) {
    if (auto written = connection_.finish(); !written) done = told(written.error());
  }
  const auto ended = connection_.ask(done ? "COMMIT" : "ROLLBACK");
  if (!done) return done;
  if (!ended) {
    // The next transaction begins afresh.
    [[maybe_unused]] const auto rolled_back = connection_.ask("ROLLBACK");
    return told(ended.error());
  }
  return ended->tag() == "COMMIT" ? done : told({"25P02", "the transaction was rolled back"});
}

Result<void> PostgresTarget::write(const ArchivePiece& piece, const ArchivePlace& place) {
  Queries queries(connection_, domain_id_, domains_);
  if (auto begun = queries.begin(Queries::kReadWrite); !begun) return told(begun.error());
  const directory::Actor nobody;
  PostgresTransaction tx(queries, ids_, numbers_, nobody);
  Result<void> done = std::visit([&](const auto& rows) { return put_rows(tx, rows); }, piece);
  if (queries.failure()) done = told(*queries.failure());
  if (done) send_mark(place);
  return end(std::move(done));
}

// The number that was given last.
Result<void> PostgresTarget::complete() {
  connection_.send(
      "UPDATE counter SET value = coalesce(greatest((SELECT max(id) FROM audit WHERE domain_id = "
      "$1), (SELECT max(id) FROM login WHERE domain_id = $1), (SELECT max(place) FROM batch WHERE "
      "domain_id = $1)), 0) WHERE domain_id = $1 AND name = 'trail'",
      parameters());
  const Answer<void> done = connection_.finish();
  return done ? Result<void>() : told(done.error());
}

Result<void> PostgresTarget::mark_initialised() {
  connection_.send(
      "UPDATE domain SET settings = $2, revision = revision + 1, initialised = true "
      "WHERE domain_id = $1",
      parameters().text(settings_), 1);
  const Answer<void> done = connection_.finish();
  if (!done) return told(done.error());
  release_filling(connection_);
  return {};
}

// Rows -----------------------------------------------------------------------------------------

Result<void> PostgresTarget::put_rows(PostgresTransaction& tx,
                                      const std::vector<directory::UserPtr>& users) {
  std::vector<directory::UserChange> changes;
  changes.reserve(users.size());
  for (const directory::UserPtr& user : users) changes.push_back({.before = {}, .after = user});
  return tx.put_users(std::move(changes));
}

Result<void> PostgresTarget::put_rows(PostgresTransaction& tx,
                                      const std::vector<OwnedCredential>& rows) {
  for (const auto& [id, credential] : rows) {
    if (auto done = tx.put_credential(id, credential); !done) return done;
  }
  return {};
}

Result<void> PostgresTarget::put_rows(PostgresTransaction& tx,
                                      const std::vector<directory::Session>& sessions) {
  for (const directory::Session& session : sessions) {
    if (auto done = tx.put_session(session); !done) return done;
  }
  return {};
}

Result<void> PostgresTarget::put_rows(PostgresTransaction& tx,
                                      const std::vector<directory::KeptAnswer>& answers) {
  for (const directory::KeptAnswer& answer : answers) {
    if (auto done = tx.keep_answer(answer); !done) return done;
  }
  return {};
}

Result<void> PostgresTarget::put_rows(PostgresTransaction& /*tx*/,
                                      const std::vector<Batch>& batches) {
  connection_.send(
      "INSERT INTO batch (domain_id, place, id, user_id, vault_id, operation, started, finished, "
      "records, succeeded, failed, unchanged, client_id, reference_id, undone_by) SELECT $1::int, "
      "(SELECT coalesce(max(place), 0) FROM batch WHERE domain_id = $1) + r.number, r.id, "
      "r.user_id, r.vault_id, r.operation, r.started, r.finished, r.records, r.succeeded, "
      "r.failed, r.unchanged, r.client_id, r.reference_id, r.undone_by FROM unnest($2::text[], "
      "$3::int[], $4::int[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], "
      "$10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::text[]) WITH ORDINALITY AS r "
      "(id, user_id, vault_id, operation, started, finished, records, succeeded, failed, "
      "unchanged, client_id, reference_id, undone_by, number)",
      parameters()
          .texts(batches, text_of(&Batch::id))
          .integers(batches, [](const Batch& row) { return row.user_id.value; })
          .integers(batches, [](const Batch& row) { return row.vault_id.value; })
          .texts(batches, text_of(&Batch::operation))
          .integers(batches, [](const Batch& row) { return milliseconds(row.started); })
          .integers(batches, [](const Batch& row) { return milliseconds(row.finished); })
          .integers(batches, [](const Batch& row) { return row.records; })
          .integers(batches, [](const Batch& row) { return row.succeeded; })
          .integers(batches, [](const Batch& row) { return row.failed; })
          .integers(batches, [](const Batch& row) { return row.unchanged; })
          .texts(batches, text_of(&Batch::client_id))
          .texts(batches, text_of(&Batch::reference_id))
          .texts(batches, text_of(&Batch::undone_by)),
      batches.size());
  return {};
}

Result<void> PostgresTarget::put_rows(PostgresTransaction& /*tx*/,
                                      const std::vector<DomainAuditRow>& rows) {
  connection_.send(
      "INSERT INTO audit (domain_id, id, at, user_name, full_name, on_behalf_of, action, "
      "execution_id, item, item_id, is_new, changes) SELECT $1::int, * FROM unnest($2::bigint[], "
      "$3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], "
      "$10::int[], $11::bool[], $12::text[])",
      parameters()
          .integers(rows, [](const DomainAuditRow& row) { return row.id; })
          .integers(rows, [](const DomainAuditRow& row) { return milliseconds(row.timestamp); })
          .texts(rows, text_of(&DomainAuditRow::user_name))
          .texts(rows, text_of(&DomainAuditRow::full_name))
          .texts(rows, text_of(&DomainAuditRow::on_behalf_of))
          .texts(rows, text_of(&DomainAuditRow::action))
          .texts(rows, text_of(&DomainAuditRow::execution_id))
          .texts(rows, text_of(&DomainAuditRow::item))
          .integers(rows, [](const DomainAuditRow& row) { return row.item_id.value; })
          .flags(rows, [](const DomainAuditRow& row) { return row.is_new; })
          .texts(
              rows,
              [](const DomainAuditRow& row) { return std::optional(changes_text(row.changes)); }),
      rows.size());
  return {};
}

Result<void> PostgresTarget::put_rows(PostgresTransaction& /*tx*/,
                                      const std::vector<LoginAuditRow>& rows) {
  connection_.send(
      "INSERT INTO login (domain_id, id, at, user_id, user_name, full_name, source_ip, type, "
      "status, browser, platform) SELECT $1::int, * FROM unnest($2::bigint[], $3::bigint[], "
      "$4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], "
      "$11::text[])",
      parameters()
          .integers(rows, [](const LoginAuditRow& row) { return row.id; })
          .integers(rows, [](const LoginAuditRow& row) { return milliseconds(row.timestamp); })
          .integers(rows, [](const LoginAuditRow& row) { return row.user_id.value; })
          .texts(rows, text_of(&LoginAuditRow::user_name))
          .texts(rows, text_of(&LoginAuditRow::full_name))
          .texts(rows, text_of(&LoginAuditRow::source_ip))
          .texts(rows, text_of(&LoginAuditRow::type))
          .texts(rows, text_of(&LoginAuditRow::status))
          .texts(rows, text_of(&LoginAuditRow::browser))
          .texts(rows, text_of(&LoginAuditRow::platform)),
      rows.size());
  return {};
}

}  // namespace muster::store
