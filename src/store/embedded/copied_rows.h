// Writes the tables beside the journal when a directory is copied into a data file: the snapshot
// and what is remembered of bulk calls.
//
// Within the caller's transaction. One thread; the database outlives it. Errors: kUnexpectedError.
#pragma once

#include <string>
#include <vector>

#include "store/archive.h"
#include "store/embedded/call_log.h"
#include "store/embedded/database.h"

namespace muster::store {

// The row of the journal that has no rows of the trail: what a batch points to that left none.
inline constexpr Sequence kFirstRow = 1;

class CopiedRows {
 public:
  [[nodiscard]] static Result<CopiedRows> prepare(Database& database);

  [[nodiscard]] Result<void> put(const directory::User& user, const directory::Domain& domain);
  [[nodiscard]] Result<void> put(const OwnedCredential& row);
  [[nodiscard]] Result<void> put(const directory::Session& session);
  [[nodiscard]] Result<void> put(const directory::Batch& batch);
  [[nodiscard]] Result<void> put(const directory::KeptAnswer& answer);
  // The batch `id`, if there is one, left its rows in that row of the journal.
  [[nodiscard]] Result<void> place_batch(const std::string& id, Sequence sequence);

 private:
  struct Statements {
    Statement user;
    Statement credential;
    Statement session;
    Statement place_batch;
    Statement batch_place;
  };
  CopiedRows(Statements statements, CallLogWriter calls)
      : statements_(std::move(statements)), calls_(std::move(calls)) {}
  static Result<void> put_text(Statement& insert, const std::string& key, std::string_view text);

  Statements statements_;
  CallLogWriter calls_;
};

}  // namespace muster::store
