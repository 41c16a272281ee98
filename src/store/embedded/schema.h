// The data file's tables and views, and what makes a file one of ours.
//
//   meta           key, value, checksum          'snapshot' = [sequence, next user id, users]
//   journal        one row a transaction         see journal_record.h; never deleted
//   login          the login audit trail; seq: the journal row of the same transaction
//   batch, kept_answer                           see call_log.h
//   user_snapshot  one row a user, see user_row.h
//   session_snapshot, credential_snapshot        one row each, see row_text.h
//
// For the sqlite3 shell: views users, vault_memberships (both as of the last snapshot: at the
// latest when the server stopped) and audit (complete). Password hashes are in no view.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "store/embedded/database.h"

namespace muster::store {

inline constexpr std::int64_t kSchemaVersion = 4;
// Journal records are long: fewer, larger pages cost less than SQLite's usual 4096 bytes.
inline constexpr int kPageBytes = 16384;

// kLater: a commit may be lost by a power cut, but only together with all that follow it.
enum class Durability : std::uint8_t { kEveryCommit, kLater };

// Makes the connection ours: journal mode, sync mode and checks. kUnexpectedError where the file
// system cannot have a write-ahead log.
[[nodiscard]] Result<void> configure(Database& database, Durability durability);

// Whether the last connection to close carries the write-ahead log over and deletes it. Off until
// a clean end: after a failed sync nobody may sync again as if nothing had been lost.
void checkpoint_on_close(Database& database, bool wanted);

// Carries over what an earlier process left in the write-ahead log and syncs it. Before anybody
// reads: that process may have died between writing and syncing, and what readers see is durable.
[[nodiscard]] Result<void> secure_log(Database& database);

// Creates the tables in an empty file, empties a file that was never marked as initialised, and
// leaves others alone. kUnexpectedError for a foreign file, for another schema and for a copy that
// is not complete.
[[nodiscard]] Result<void> prepare_schema(Database& database);

// Rows of meta. kUnexpectedError when the row is damaged or missing.
[[nodiscard]] Result<std::string> read_meta(Database& database, std::string_view key);
[[nodiscard]] Result<void> write_meta(Database& database, std::string_view key,
                                      std::string_view value);

// How far a copy of another store has come into this file (archive.h); empty: it is none, or no
// file of ours.
[[nodiscard]] Result<std::string> read_copy_mark(Database& database);

inline constexpr std::string_view kMetaInitialised = "initialised";  // 0 or 1
inline constexpr std::string_view kMetaSnapshot = "snapshot";
inline constexpr std::string_view kMetaDomain = "domain";  // as of the snapshot; empty at first
inline constexpr std::string_view kMetaCopy = "copy";      // there while a copy goes on

}  // namespace muster::store
