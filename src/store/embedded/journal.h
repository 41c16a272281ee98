// The writing end of the journal: a group of transactions becomes durable by one commit.
//
// Used by one thread at a time (the store's disk lock). Errors: kUnexpectedError; the group is
// then not in the file as far as this process can tell, and nothing more may be written.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.h"
#include "store/embedded/call_log.h"
#include "store/embedded/commit_queue.h"
#include "store/embedded/database.h"
#include "store/embedded/journal_row.h"

namespace muster::store {

// The newest row.
struct JournalEnd {
  Sequence sequence = 0;
  std::int64_t checksum = 0;
  std::int64_t domain_next = 1;  // id of the next row of the domain audit trail
  directory::Digest chain{};     // see audit_chain.h
};

// The row of an encoded transaction. `domain_first`: id of its first row in the domain trail.
[[nodiscard]] JournalRow journal_row(const Commit& commit, std::int64_t domain_first);

class Journal {
 public:
  [[nodiscard]] static Result<Journal> open(Database database, const JournalEnd& end);

  [[nodiscard]] Result<void> append(const CommitGroup& group);
  // A row of what another store had (store/archive.h), its rows of the domain trail from id
  // `domain_first` on (0: it has none), logins with their ids. Within the caller's transaction.
  // REQUIRES: ids above all earlier ones.
  [[nodiscard]] Result<void> append_copied(const JournalRecord& record, Timestamp at,
                                           std::int64_t domain_first,
                                           std::span<const directory::LoginAuditRow> logins);
  [[nodiscard]] Result<void> mark_initialised();

  // Of everything that lies in the write-ahead log, from the last commit.
  [[nodiscard]] std::int64_t wal_bytes() const { return *wal_bytes_; }
  [[nodiscard]] Database& database() { return database_; }
  [[nodiscard]] const JournalEnd& end() const { return end_; }
  // Length of the texts appended since the journal was opened.
  [[nodiscard]] std::int64_t appended_bytes() const { return appended_bytes_; }

 private:
  Journal(Database database, Statement insert, Statement insert_login, CallLogWriter calls,
          const JournalEnd& end);
  Result<void> append_one(const Commit& commit, JournalEnd& end);
  Result<void> append_row(const JournalRow& row, const directory::Digest& content,
                          std::span<const directory::LoginAuditRow> logins, JournalEnd& end);
  Result<void> append_login(const directory::LoginAuditRow& row, Sequence sequence);

  Database database_;
  Statement insert_;
  Statement insert_login_;
  CallLogWriter calls_;
  JournalEnd end_;
  std::unique_ptr<std::int64_t> wal_bytes_;  // SQLite holds its address
  std::int64_t appended_bytes_ = 0;
};

}  // namespace muster::store
