// The rows of a data file at rest, in the order of their keys (store/archive.h): the directory as
// the snapshot has it, the trails and bulk calls from their tables.
//
// REQUIRES: the snapshot is complete. One thread; the database outlives it. Errors:
// kUnexpectedError naming what is damaged.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "store/archive.h"
#include "store/changes.h"
#include "store/embedded/database.h"
#include "store/embedded/journal_replay.h"

namespace muster::store {

class EmbeddedArchiveReader {
 public:
  explicit EmbeddedArchiveReader(Database& database) : database_(&database) {}

  [[nodiscard]] Result<ArchiveHead> head();
  // Of the domain trail a piece ends with a record of the journal.
  [[nodiscard]] Result<ArchivePiece> read(const ArchivePlace& after, std::size_t limit);

 private:
  Result<ArchivePiece> read_section(const ArchivePlace& after, std::size_t limit);
  Result<std::vector<directory::UserPtr>> users(std::int64_t after, std::size_t limit);
  Result<std::vector<OwnedCredential>> credentials(std::int64_t after, std::size_t limit);
  Result<std::vector<directory::Session>> sessions(std::string_view after, std::size_t limit);
  Result<std::vector<directory::DomainAuditRow>> trail(std::int64_t after, std::size_t limit);
  Result<std::vector<directory::LoginAuditRow>> logins(std::int64_t after, std::size_t limit);

  Database* database_;
  directory::DomainPtr domain_;  // read once
  simdjson::dom::parser parser_;
  JournalReplay replay_;
  // Where the last piece of the trail ended, so that the next one need not look for its beginning.
  std::int64_t trail_id_ = 0;
  Sequence trail_sequence_ = 0;
};

}  // namespace muster::store
