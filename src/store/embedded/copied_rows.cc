#include "store/embedded/copied_rows.h"

#include <utility>

#include "store/embedded/checksum.h"
#include "store/embedded/row_text.h"
#include "store/embedded/user_row.h"

namespace muster::store {

Result<CopiedRows> CopiedRows::prepare(Database& database) {
  std::vector<Statement> prepared;
  for (const char* const sql :
       {"INSERT INTO user_snapshot(id, user, checksum) VALUES (?1, ?2, ?3)",
        "INSERT INTO credential_snapshot(id, credential, checksum) VALUES (?1, ?2, ?3)",
        "INSERT INTO session_snapshot(id_hash, session, checksum) VALUES (?1, ?2, ?3)",
        "UPDATE batch SET seq = ?2 WHERE id = ?1", "SELECT seq FROM batch WHERE id = ?1"}) {
    auto statement = database.prepare(sql);
    if (!statement) return std::unexpected(statement.error());
    prepared.push_back(std::move(*statement));
  }
  auto calls = CallLogWriter::prepare(database);
  if (!calls) return std::unexpected(calls.error());
  return CopiedRows({.user = std::move(prepared[0]),
                     .credential = std::move(prepared[1]),
                     .session = std::move(prepared[2]),
                     .place_batch = std::move(prepared[3]),
                     .batch_place = std::move(prepared[4])},
                    std::move(*calls));
}

// A number as key becomes one by the column's type.
Result<void> CopiedRows::put_text(Statement& insert, const std::string& key,
                                  std::string_view text) {
  insert.bind(1, key);
  insert.bind(2, text);
  insert.bind(3, checksum(text, checksum(key)));
  return insert.run();
}

Result<void> CopiedRows::put(const directory::User& user, const directory::Domain& domain) {
  std::string text;
  append_user(text, user, domain);
  return put_text(statements_.user, to_string(user.id), text);
}

Result<void> CopiedRows::put(const OwnedCredential& row) {
  std::string text;
  append_credential(text, row.id, row.credential);
  return put_text(statements_.credential, to_string(row.id), text);
}

Result<void> CopiedRows::put(const directory::Session& session) {
  std::string text;
  append_session(text, session);
  return put_text(statements_.session, digest_text(session.id_hash), text);
}

Result<void> CopiedRows::put(const directory::Batch& batch) {
  CallLog calls;
  calls.batch = batch;
  return calls_.append(calls, kFirstRow);
}

Result<void> CopiedRows::put(const directory::KeptAnswer& answer) {
  CallLog calls;
  calls.answer = answer;
  return calls_.append(calls, kFirstRow);
}

Result<void> CopiedRows::place_batch(const std::string& id, Sequence sequence) {
  Statement& select = statements_.batch_place;
  select.bind(1, id);
  const Result<bool> found = select.step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return {};
  const bool has_place = select.integer(0) != static_cast<std::int64_t>(kFirstRow);
  select.reset();
  if (has_place) {
    return fail(ErrorType::kUnexpectedError,
                "The rows of batch " + id + " lie apart in the audit trail of the source.");
  }
  statements_.place_batch.bind(1, id);
  statements_.place_batch.bind(2, static_cast<std::int64_t>(sequence));
  return statements_.place_batch.run();
}

}  // namespace muster::store
