#include "store/postgres/archive_reader.h"

#include <memory>
#include <utility>

#include "base/text.h"
#include "store/embedded/row_text.h"

namespace muster::store {
namespace {

using directory::DomainAuditRow;
using directory::KeptAnswer;

void add(Parameters& parameters, std::int64_t key) { parameters.integer(key); }
void add(Parameters& parameters, std::string_view key) { parameters.text(key); }

template <typename Row>
Result<void> append(std::vector<Row>& out, Result<Row> row) {
  if (!row) return std::unexpected(std::move(row.error()));
  out.push_back(std::move(*row));
  return {};
}

// read(rows, row) gives a Result<Row>.
template <typename Row, typename Read>
Result<std::vector<Row>> all_of(const Result<Rows>& rows, const Read& read) {
  if (!rows) return std::unexpected(rows.error());
  std::vector<Row> out;
  for (int row = 0; row < rows->count(); ++row) {
    if (auto done = append<Row>(out, read(*rows, row)); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  return out;
}

Result<OwnedCredential> credential_row(const Rows& rows, int row) {
  auto credential = credential_of(rows.text(row, 1));
  if (!credential) return std::unexpected(std::move(credential.error()));
  return OwnedCredential{.id = directory::UserId{static_cast<std::int32_t>(rows.integer(row, 0))},
                         .credential = std::move(*credential)};
}

Result<KeptAnswer> answer_row(const Rows& rows, int row) {
  const auto key = digest_of(rows.text(row, 0));
  if (!key) return std::unexpected(key.error());
  const auto body = digest_of(rows.text(row, 1));
  if (!body) return std::unexpected(body.error());
  return KeptAnswer{.key = *key,
                    .body = *body,
                    .at = timestamp(rows.integer(row, 2)),
                    .text = rows.bytes(row, 3)};
}

}  // namespace

std::unexpected<Error> told(const DatabaseError& error) {
  return fail(ErrorType::kUnexpectedError, "Database: " + error.message);
}

template <typename Key>
Result<Rows> PostgresArchiveReader::ask_after(std::string_view columns, const std::string& table,
                                              const std::string& key, Key after,
                                              std::size_t limit) {
  Parameters parameters = Parameters().integer(domain_id_);
  add(parameters, after);
  parameters.integer(static_cast<std::int64_t>(limit));
  std::string sql = "SELECT ";
  sql += columns;
  sql += " FROM " + table + " WHERE domain_id = $1 AND " + key + " > $2 ORDER BY " + key;
  sql += " LIMIT $3";
  Answer<Rows> rows = connection_->ask(sql, parameters);
  if (!rows) return told(rows.error());
  return std::move(*rows);
}

// While a copy goes on, its mark is a line before the settings.
Result<ArchiveHead> PostgresArchiveReader::head() {
  const auto rows = connection_->ask(
      "SELECT CASE WHEN settings LIKE $2::text || '%' THEN substr(settings, strpos(settings, "
      "E'\\n') + 1) "
      "ELSE settings END, (SELECT value + 1 FROM counter WHERE domain_id = $1 AND name = 'user') "
      "FROM domain WHERE domain_id = $1",
      Parameters().integer(domain_id_).text(kCopyMark));
  if (!rows) return told(rows.error());
  if (rows->empty()) return told({"02000", "the domain is gone"});
  auto domain = domain_of(rows->text(0, 0));
  if (!domain) return std::unexpected(std::move(domain.error()));
  domain_ = std::make_shared<const directory::Domain>(std::move(*domain));
  return ArchiveHead{
      .domain = domain_,
      .next_user_id = directory::UserId{static_cast<std::int32_t>(rows->integer(0, 1))}};
}

Result<ArchivePiece> PostgresArchiveReader::read(const ArchivePlace& after, std::size_t limit) {
  const auto id = parse_digits<std::int64_t>(after.key).value_or(0);
  switch (after.section) {
    case ArchiveSection::kUsers:
      return users(id, limit);
    case ArchiveSection::kCredentials:
      return credentials(id, limit);
    case ArchiveSection::kSessions:
      return sessions(after.key, limit);
    case ArchiveSection::kBatches:
      return batches(after.key, limit);
    case ArchiveSection::kDomainAudit:
      return trail(id, limit);
    case ArchiveSection::kLoginAudit:
      return logins(id, limit);
    case ArchiveSection::kAnswers:
      return answers(after.key, limit);
  }
  std::unreachable();
}

Result<std::vector<directory::UserPtr>> PostgresArchiveReader::users(std::int64_t after,
                                                                     std::size_t limit) {
  if (!domain_) {
    if (const auto read = head(); !read) return std::unexpected(read.error());
  }
  const auto rows = ask_after("id, data", "users", "id", after, limit);
  if (!rows) return std::unexpected(rows.error());
  return user_rows_.users(*rows, *domain_);
}

Result<std::vector<OwnedCredential>> PostgresArchiveReader::credentials(std::int64_t after,
                                                                        std::size_t limit) {
  return all_of<OwnedCredential>(ask_after("user_id, data", "credential", "user_id", after, limit),
                                 credential_row);
}

Result<std::vector<directory::Session>> PostgresArchiveReader::sessions(std::string_view after,
                                                                        std::size_t limit) {
  return all_of<directory::Session>(ask_after(kSessionColumns, "session", "id_hash", after, limit),
                                    session_of);
}

Result<std::vector<directory::Batch>> PostgresArchiveReader::batches(std::string_view after,
                                                                     std::size_t limit) {
  return all_of<directory::Batch>(ask_after(kBatchColumns, "batch", "id", after, limit), batch_of);
}

Result<std::vector<DomainAuditRow>> PostgresArchiveReader::trail(std::int64_t after,
                                                                 std::size_t limit) {
  auto rows =
      all_of<DomainAuditRow>(ask_after(kAuditColumns, "audit", "id", after, limit), audit_row_of);
  if (!rows || rows->size() < limit || rows->back().execution_id.empty()) return rows;
  auto rest = all_of<DomainAuditRow>(rest_of_call(rows->back()), audit_row_of);
  if (!rest) return rest;
  for (DomainAuditRow& row : *rest) rows->push_back(std::move(row));
  return rows;
}

Result<Rows> PostgresArchiveReader::rest_of_call(const DomainAuditRow& last) {
  std::string sql = "SELECT ";
  sql += kAuditColumns;
  sql +=
      " FROM audit WHERE domain_id = $1 AND id > $2 AND execution_id = $3 AND id < "
      "coalesce((SELECT id FROM audit WHERE domain_id = $1 AND id > $2 AND execution_id <> $3 "
      "ORDER BY id LIMIT 1), 9223372036854775807) ORDER BY id";
  Answer<Rows> rows = connection_->ask(
      sql, Parameters().integer(domain_id_).integer(last.id).text(last.execution_id));
  if (!rows) return told(rows.error());
  return std::move(*rows);
}

Result<std::vector<directory::LoginAuditRow>> PostgresArchiveReader::logins(std::int64_t after,
                                                                            std::size_t limit) {
  return all_of<directory::LoginAuditRow>(ask_after(kLoginColumns, "login", "id", after, limit),
                                          login_row_of);
}

Result<std::vector<KeptAnswer>> PostgresArchiveReader::answers(std::string_view after,
                                                               std::size_t limit) {
  return all_of<KeptAnswer>(ask_after("key, body, at, answer", "kept_answer", "key", after, limit),
                            answer_row);
}

}  // namespace muster::store
