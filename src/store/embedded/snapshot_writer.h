// Writes what changed since the last snapshot into the snapshot tables, in short transactions,
// so that commits wait for a few milliseconds at most.
//
//   SnapshotWriter writer(database, shared, disk);
//   writer.write(dirty);
//
// Runs on the maintenance thread. No chunk is synced by itself: the write-ahead log keeps the
// order, so whatever survives a power cut is a prefix, and the old mark still holds for it.
// Errors: kUnexpectedError.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/embedded/database.h"
#include "store/embedded/dirty_keys.h"
#include "store/embedded/disk_turn.h"
#include "store/memory_image.h"

namespace muster::store {

class SnapshotWriter {
 public:
  // `disk`: taken for each chunk, shared with the journal.
  [[nodiscard]] static Result<SnapshotWriter> create(Database& database, const SharedImage& shared,
                                                     DiskTurn& disk);

  // Afterwards recovery starts from dirty.sequence. REQUIRES: everything up to it is published.
  [[nodiscard]] Result<void> write(const DirtyKeys& dirty);

 private:
  SnapshotWriter(Database& database, const SharedImage& shared, DiskTurn& disk);

  // One transaction of `work`, with the domain when that changed.
  template <typename Work>
  Result<void> chunk(const Work& work);
  Result<void> write_users(const DirtyKeys& dirty);
  Result<void> write_user(const directory::User& user, const directory::Domain& domain);
  Result<void> write_sessions(const DirtyKeys& dirty);
  Result<void> write_credentials(const DirtyKeys& dirty);
  Result<void> write_mark(const DirtyKeys& dirty);

  Database* database_;
  const SharedImage* shared_;
  DiskTurn* disk_;
  std::vector<Statement> statements_;
  std::string row_;                      // of the user in work
  directory::DomainPtr written_domain_;  // as it stands in the file; null: unknown
};

}  // namespace muster::store
