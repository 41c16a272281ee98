// What is remembered of bulk calls, in the data file: written with the journal's commits, read
// beside them. The tables are `batch` and `kept_answer` (schema.cc). A batch's id is a UUID of
// version 7, so the order of ids is that of time, and one tree serves both: each further index
// would be a further page of every commit.
//
// One thread at a time each. Errors: kUnexpectedError.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/batch_log.h"
#include "store/changes.h"
#include "store/embedded/database.h"

namespace muster::store {

// The writing end. Within the transaction that appends the journal row `sequence`.
class CallLogWriter {
 public:
  // `database` outlives it.
  [[nodiscard]] static Result<CallLogWriter> prepare(Database& database);

  [[nodiscard]] Result<void> append(const CallLog& calls, Sequence sequence);

 private:
  struct Statements {
    Statement batch;
    Statement undone;
    Statement answer;
    Statement forget;
  };
  explicit CallLogWriter(Statements statements) : statements_(std::move(statements)) {}

  [[nodiscard]] Result<void> append_batch(const directory::Batch& batch, Sequence sequence);
  [[nodiscard]] Result<void> append_answer(const directory::KeptAnswer& answer);

  Statements statements_;
};

[[nodiscard]] Result<std::optional<directory::Batch>> read_batch(Database& database,
                                                                 const std::string& id);
[[nodiscard]] Result<directory::BatchPage> read_batches(Database& database,
                                                        const directory::BatchQuery& query);
// The journal row with what the batch changed.
[[nodiscard]] Result<std::optional<Sequence>> read_sequence_of_batch(Database& database,
                                                                     const std::string& id);
[[nodiscard]] Result<std::optional<directory::KeptAnswer>> read_answer(
    Database& database, const directory::Digest& key);

// In the order of ids and keys: those above `after`, at most `limit`.
[[nodiscard]] Result<std::vector<directory::Batch>> read_batches_after(Database& database,
                                                                       std::string_view after,
                                                                       std::size_t limit);
[[nodiscard]] Result<std::vector<directory::KeptAnswer>> read_answers_after(Database& database,
                                                                            std::string_view after,
                                                                            std::size_t limit);

}  // namespace muster::store
