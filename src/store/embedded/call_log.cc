#include "store/embedded/call_log.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "store/embedded/row_reader.h"
#include "store/embedded/row_text.h"

namespace muster::store {
namespace {

using directory::Batch;
using directory::KeptAnswer;

constexpr std::string_view kBatchColumns =
    "id, user_id, vault_id, operation, started, finished, records, succeeded, failed, unchanged, "
    "client_id, reference_id, undone_by";

Batch batch_of(Statement& row) {
  return {.id = std::string(row.text(0)),
          .user_id = directory::UserId{static_cast<std::int32_t>(row.integer(1))},
          .vault_id = directory::VaultId{static_cast<std::int32_t>(row.integer(2))},
          .operation = std::string(row.text(3)),
          .started = timestamp(row.integer(4)),
          .finished = timestamp(row.integer(5)),
          .records = row.integer(6),
          .succeeded = row.integer(7),
          .failed = row.integer(8),
          .unchanged = row.integer(9),
          .client_id = std::string(row.text(10)),
          .reference_id = std::string(row.text(11)),
          .undone_by = std::string(row.text(12))};
}

}  // namespace

Result<CallLogWriter> CallLogWriter::prepare(Database& database) {
  auto batch = database.prepare("INSERT INTO batch(" + std::string(kBatchColumns) +
                                ", seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                                "?13, ?14)");
  if (!batch) return std::unexpected(batch.error());
  auto undone = database.prepare("UPDATE batch SET undone_by = ?2 WHERE id = ?1");
  if (!undone) return std::unexpected(undone.error());
  auto answer = database.prepare("INSERT OR REPLACE INTO kept_answer VALUES (?1, ?2, ?3, ?4)");
  if (!answer) return std::unexpected(answer.error());
  auto forget = database.prepare("DELETE FROM kept_answer WHERE at < ?1");
  if (!forget) return std::unexpected(forget.error());
  return CallLogWriter({.batch = std::move(*batch),
                        .undone = std::move(*undone),
                        .answer = std::move(*answer),
                        .forget = std::move(*forget)});
}

Result<void> CallLogWriter::append(const CallLog& calls, Sequence sequence) {
  if (calls.batch) {
    if (auto done = append_batch(*calls.batch, sequence); !done) return done;
  }
  if (calls.undone) {
    statements_.undone.bind(1, calls.undone->id);
    statements_.undone.bind(2, calls.undone->by);
    if (auto done = statements_.undone.run(); !done) return done;
  }
  if (calls.forget_until) {
    statements_.forget.bind(1, milliseconds(*calls.forget_until));
    if (auto done = statements_.forget.run(); !done) return done;
  }
  return calls.answer ? append_answer(*calls.answer) : Result<void>();
}

Result<void> CallLogWriter::append_batch(const Batch& batch, Sequence sequence) {
  Statement& insert = statements_.batch;
  insert.bind(1, batch.id);
  insert.bind(2, batch.user_id.value);
  insert.bind(3, batch.vault_id.value);
  insert.bind(4, batch.operation);
  int index = 5;
  for (const std::int64_t number :
       {milliseconds(batch.started), milliseconds(batch.finished), batch.records, batch.succeeded,
        batch.failed, batch.unchanged}) {
    insert.bind(index++, number);
  }
  for (const std::string* text : {&batch.client_id, &batch.reference_id, &batch.undone_by}) {
    insert.bind(index++, *text);
  }
  insert.bind(index, static_cast<std::int64_t>(sequence));
  return insert.run();
}

Result<void> CallLogWriter::append_answer(const KeptAnswer& answer) {
  const std::string key = digest_text(answer.key);
  const std::string body = digest_text(answer.body);
  statements_.answer.bind(1, key);
  statements_.answer.bind(2, body);
  statements_.answer.bind(3, milliseconds(answer.at));
  statements_.answer.bind(4, answer.text);
  return statements_.answer.run();
}

Result<std::optional<Batch>> read_batch(Database& database, const std::string& id) {
  auto select =
      database.prepare("SELECT " + std::string(kBatchColumns) + " FROM batch WHERE id = ?1");
  if (!select) return std::unexpected(select.error());
  select->bind(1, id);
  const Result<bool> found = select->step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return batch_of(*select);
}

Result<directory::BatchPage> read_batches(Database& database, const directory::BatchQuery& query) {
  const std::string where = query.vault ? " WHERE vault_id = ?1" : " WHERE ?1 = 0";
  const std::int64_t vault = query.vault ? query.vault->value : 0;
  auto count = database.prepare("SELECT count(*) FROM batch" + where);
  if (!count) return std::unexpected(count.error());
  count->bind(1, vault);
  const Result<bool> counted = count->step();
  if (!counted) return std::unexpected(counted.error());
  directory::BatchPage page{.batches = {}, .total = count->integer(0)};

  auto select = database.prepare("SELECT " + std::string(kBatchColumns) + " FROM batch" + where +
                                 " ORDER BY id DESC LIMIT ?2 OFFSET ?3");
  if (!select) return std::unexpected(select.error());
  select->bind(1, vault);
  select->bind(2, std::max<std::int64_t>(query.limit, 0));
  select->bind(3, std::max<std::int64_t>(query.start, 0));
  while (true) {
    const Result<bool> found = select->step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return page;
    page.batches.push_back(batch_of(*select));
  }
}

Result<std::optional<Sequence>> read_sequence_of_batch(Database& database, const std::string& id) {
  auto select = database.prepare("SELECT seq FROM batch WHERE id = ?1");
  if (!select) return std::unexpected(select.error());
  select->bind(1, id);
  const Result<bool> found = select->step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return static_cast<Sequence>(select->integer(0));
}

Result<std::optional<KeptAnswer>> read_answer(Database& database, const directory::Digest& key) {
  auto select = database.prepare("SELECT body, at, answer FROM kept_answer WHERE key = ?1");
  if (!select) return std::unexpected(select.error());
  const std::string text = digest_text(key);
  select->bind(1, text);
  const Result<bool> found = select->step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return KeptAnswer{.key = key,
                    .body = read_digest(select->text(0)),
                    .at = timestamp(select->integer(1)),
                    .text = std::string(select->text(2))};
}

Result<std::vector<Batch>> read_batches_after(Database& database, std::string_view after,
                                              std::size_t limit) {
  auto select = database.prepare("SELECT " + std::string(kBatchColumns) +
                                 " FROM batch WHERE id > ?1 ORDER BY id LIMIT ?2");
  if (!select) return std::unexpected(select.error());
  select->bind(1, after);
  select->bind(2, static_cast<std::int64_t>(limit));
  std::vector<Batch> batches;
  while (true) {
    const Result<bool> found = select->step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return batches;
    batches.push_back(batch_of(*select));
  }
}

Result<std::vector<KeptAnswer>> read_answers_after(Database& database, std::string_view after,
                                                   std::size_t limit) {
  auto select = database.prepare(
      "SELECT key, body, at, answer FROM kept_answer WHERE key > ?1 ORDER BY key LIMIT ?2");
  if (!select) return std::unexpected(select.error());
  select->bind(1, after);
  select->bind(2, static_cast<std::int64_t>(limit));
  std::vector<KeptAnswer> answers;
  while (true) {
    const Result<bool> found = select->step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return answers;
    answers.push_back({.key = read_digest(select->text(0)),
                       .body = read_digest(select->text(1)),
                       .at = timestamp(select->integer(2)),
                       .text = std::string(select->text(3))});
  }
}

}  // namespace muster::store
