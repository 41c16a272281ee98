#include "store/embedded/archive_reader.h"

#include <memory>
#include <string>
#include <utility>

#include "base/text.h"
#include "store/embedded/call_log.h"
#include "store/embedded/checksum.h"
#include "store/embedded/journal_row.h"
#include "store/embedded/login_text.h"
#include "store/embedded/row_reader.h"
#include "store/embedded/row_text.h"
#include "store/embedded/schema.h"
#include "store/embedded/user_row.h"

namespace muster::store {
namespace {

using directory::DomainAuditRow;
using directory::UserPtr;

std::unexpected<Error> damaged(const std::string& what) {
  return fail(ErrorType::kUnexpectedError, "The data file is damaged: " + what + ".");
}

// Runs a statement with the key ?1 and the limit ?2; read(statement) once a row.
template <typename Key, typename Read>
Result<void> select_after(Database& database, const std::string& sql, Key after, std::size_t limit,
                          const Read& read) {
  auto select = database.prepare(sql);
  if (!select) return std::unexpected(select.error());
  select->bind(1, after);
  select->bind(2, static_cast<std::int64_t>(limit));
  while (true) {
    const Result<bool> row = select->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
    if (Result<void> done = read(*select); !done) return done;
  }
}

// The text in column 1, whose checksum with the key in column 0 is column 2.
Result<std::string_view> checked_text(Statement& row, std::string_view table) {
  const std::string key(row.text(0));  // first: a number becomes a text by it
  const std::string_view text = row.text(1);
  if (checksum(text, checksum(key)) == row.integer(2)) return text;
  return damaged(std::string(table) + " row " + key);
}

}  // namespace

Result<ArchiveHead> EmbeddedArchiveReader::head() {
  const Result<std::string> settings = read_meta(*database_, kMetaDomain);
  if (!settings) return std::unexpected(settings.error());
  const Result<std::string> snapshot = read_meta(*database_, kMetaSnapshot);
  if (!snapshot) return std::unexpected(snapshot.error());
  ArchiveHead head;
  Result<void> done = parse_json(parser_, *settings, "domain", [&](Json json) -> Result<void> {
    head.domain = std::make_shared<const directory::Domain>(read_domain(json));
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  done = parse_json(parser_, *snapshot, "snapshot mark", [&](Json json) -> Result<void> {
    JsonRow numbers(json);
    static_cast<void>(numbers.integer());
    head.next_user_id = read_id<directory::UserId>(numbers.integer());
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  domain_ = head.domain;
  return head;
}

Result<ArchivePiece> EmbeddedArchiveReader::read(const ArchivePlace& after, std::size_t limit) {
  try {
    return read_section(after, limit);
  } catch (const simdjson::simdjson_error& error) {
    return damaged(std::string(kSectionNames.at(static_cast<std::size_t>(after.section))) + ": " +
                   error.what());
  }
}

Result<ArchivePiece> EmbeddedArchiveReader::read_section(const ArchivePlace& after,
                                                         std::size_t limit) {
  const auto id = parse_digits<std::int64_t>(after.key).value_or(0);
  switch (after.section) {
    case ArchiveSection::kUsers:
      return users(id, limit);
    case ArchiveSection::kCredentials:
      return credentials(id, limit);
    case ArchiveSection::kSessions:
      return sessions(after.key, limit);
    case ArchiveSection::kBatches:
      return read_batches_after(*database_, after.key, limit);
    case ArchiveSection::kDomainAudit:
      return trail(id, limit);
    case ArchiveSection::kLoginAudit:
      return logins(id, limit);
    case ArchiveSection::kAnswers:
      return read_answers_after(*database_, after.key, limit);
  }
  std::unreachable();
}

Result<std::vector<UserPtr>> EmbeddedArchiveReader::users(std::int64_t after, std::size_t limit) {
  if (!domain_) {
    if (const auto read = head(); !read) return std::unexpected(read.error());
  }
  std::vector<UserPtr> users;
  const auto read = [&](Statement& row) -> Result<void> {
    const auto text = checked_text(row, "user_snapshot");
    if (!text) return std::unexpected(text.error());
    auto user = std::make_shared<directory::User>();
    user->id = read_id<directory::UserId>(row.integer(0));
    auto done = parse_json(parser_, *text, "user " + to_string(user->id),
                           [&](Json json) { return read_user(json, *domain_, *user); });
    users.push_back(std::move(user));
    return done;
  };
  auto done = select_after(
      *database_, "SELECT id, user, checksum FROM user_snapshot WHERE id > ?1 ORDER BY id LIMIT ?2",
      after, limit, read);
  if (!done) return std::unexpected(std::move(done.error()));
  return users;
}

Result<std::vector<OwnedCredential>> EmbeddedArchiveReader::credentials(std::int64_t after,
                                                                        std::size_t limit) {
  std::vector<OwnedCredential> credentials;
  const auto read = [&](Statement& row) -> Result<void> {
    const auto text = checked_text(row, "credential_snapshot");
    if (!text) return std::unexpected(text.error());
    return parse_json(parser_, *text, "credential", [&](Json json) -> Result<void> {
      auto [id, credential] = read_credential(json);
      credentials.push_back({.id = id, .credential = std::move(credential)});
      return {};
    });
  };
  auto done = select_after(*database_,
                           "SELECT id, credential, checksum FROM credential_snapshot WHERE id > ?1 "
                           "ORDER BY id LIMIT ?2",
                           after, limit, read);
  if (!done) return std::unexpected(std::move(done.error()));
  return credentials;
}

Result<std::vector<directory::Session>> EmbeddedArchiveReader::sessions(std::string_view after,
                                                                        std::size_t limit) {
  std::vector<directory::Session> sessions;
  const auto read = [&](Statement& row) -> Result<void> {
    const auto text = checked_text(row, "session_snapshot");
    if (!text) return std::unexpected(text.error());
    return parse_json(parser_, *text, "session", [&](Json json) -> Result<void> {
      sessions.push_back(read_session(json));
      return {};
    });
  };
  auto done = select_after(*database_,
                           "SELECT id_hash, session, checksum FROM session_snapshot "
                           "WHERE id_hash > ?1 ORDER BY id_hash LIMIT ?2",
                           after, limit, read);
  if (!done) return std::unexpected(std::move(done.error()));
  return sessions;
}

Result<std::vector<DomainAuditRow>> EmbeddedArchiveReader::trail(std::int64_t after,
                                                                 std::size_t limit) {
  if (after != trail_id_) trail_sequence_ = 0;
  auto select = database_->prepare(
      "SELECT j.seq, j.at, j.domain_rows, j.domain_first, j.record, j.secret, j.checksum, "
      "coalesce(previous.checksum, 0) FROM journal AS j LEFT JOIN journal AS previous "
      "ON previous.seq = j.seq - 1 WHERE j.seq > ?1 AND j.domain_rows > 0 "
      "AND j.domain_first + j.domain_rows > ?2 + 1 ORDER BY j.seq");
  if (!select) return std::unexpected(select.error());
  select->bind(1, static_cast<std::int64_t>(trail_sequence_));
  select->bind(2, after);
  std::vector<DomainAuditRow> rows;
  while (rows.size() < limit) {
    const Result<bool> found = select->step();
    if (!found) return std::unexpected(found.error());
    if (!*found) break;
    const JournalRow row{.sequence = static_cast<Sequence>(select->integer(0)),
                         .at = timestamp(select->integer(1)),
                         .domain_rows = select->integer(2),
                         .domain_first = select->integer(3),
                         .record = select->text(4),
                         .secret = select->text(5)};
    if (journal_checksum(select->integer(7), row) != select->integer(6)) {
      return damaged("journal row " + std::to_string(row.sequence));
    }
    auto of_record = replay_.audit_rows(row);
    if (!of_record) return std::unexpected(std::move(of_record.error()));
    for (DomainAuditRow& one : *of_record) {
      if (one.id > after) rows.push_back(std::move(one));
    }
    trail_sequence_ = row.sequence;
  }
  if (!rows.empty()) trail_id_ = rows.back().id;
  return rows;
}

Result<std::vector<directory::LoginAuditRow>> EmbeddedArchiveReader::logins(std::int64_t after,
                                                                            std::size_t limit) {
  std::vector<directory::LoginAuditRow> logins;
  const auto read = [&](Statement& row) -> Result<void> {
    logins.push_back(read_login(row, 0));
    return {};
  };
  auto done = select_after(
      *database_,
      "SELECT " + std::string(kLoginColumns) + " FROM login WHERE id > ?1 ORDER BY id LIMIT ?2",
      after, limit, read);
  if (!done) return std::unexpected(std::move(done.error()));
  return logins;
}

}  // namespace muster::store
