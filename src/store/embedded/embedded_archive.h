// A data directory as source and as target of a copy (store/archive.h).
//
//   auto source = EmbeddedSource::open("data");
//   auto target = EmbeddedTarget::open("new", clock.now());
//
// Both hold the directory's lock: nobody serves it meanwhile. A source is opened as a server opens
// it, once, which needs the memory of a server and brings the snapshot up to date; then it is read
// in pieces.
//
// A target gets a journal that makes all of it: first the directory (users whole, in secrets,
// without rows of the trail), then the trail as rows with the ids and times they had, then the
// login trail. Whatever was written stands in the snapshot as well, so that a start has nothing to
// replay. The file is emptied by nobody and served by nobody while it has a copy mark.
//
// One thread. Errors: kUnexpectedError; kOperationNotAllowed for a directory that is none of these.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/archive.h"
#include "store/embedded/archive_reader.h"
#include "store/embedded/call_log.h"
#include "store/embedded/copied_rows.h"
#include "store/embedded/directory_lock.h"
#include "store/embedded/journal.h"

namespace muster::store {

class EmbeddedSource final : public ArchiveSource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<EmbeddedSource>> open(
      const std::filesystem::path& directory);

  Result<ArchiveHead> head() override { return reader_.head(); }
  Result<ArchivePiece> read(const ArchivePlace& after, std::size_t limit) override {
    return reader_.read(after, limit);
  }

 private:
  EmbeddedSource(DirectoryLock lock, Database database)
      : lock_(std::move(lock)), database_(std::move(database)), reader_(database_) {}

  DirectoryLock lock_;
  Database database_;
  EmbeddedArchiveReader reader_;
};

class EmbeddedTarget final : public ArchiveTarget {
 public:
  // Makes the directory when there is none. `now`: the time of what the copy itself writes.
  [[nodiscard]] static Result<std::unique_ptr<EmbeddedTarget>> open(
      const std::filesystem::path& directory, Timestamp now);

  Result<ArchivePlace> begin(const ArchiveHead& head, const std::string& content) override;
  Result<void> write(const ArchivePiece& piece, const ArchivePlace& place) override;
  Result<void> complete() override;
  Result<void> mark_initialised() override;
  Result<ArchiveHead> head() override { return reader_.head(); }
  Result<ArchivePiece> read(const ArchivePlace& after, std::size_t limit) override {
    return reader_.read(after, limit);
  }

 private:
  EmbeddedTarget(DirectoryLock lock, Journal journal, CopiedRows rows, std::string mark,
                 Timestamp now);

  // One durable transaction.
  template <typename Work>
  Result<void> commit(const Work& work);
  Result<void> write_first(const ArchiveHead& head);
  Result<void> write_mark(const ArchivePlace& place);
  Result<void> put(const JournalRecord& record);

  Result<void> put_rows(const std::vector<directory::UserPtr>& users);
  Result<void> put_rows(const std::vector<OwnedCredential>& credentials);
  Result<void> put_rows(const std::vector<directory::Session>& sessions);
  Result<void> put_rows(const std::vector<directory::Batch>& batches);
  Result<void> put_rows(const std::vector<directory::DomainAuditRow>& rows);
  Result<void> put_rows(const std::vector<directory::LoginAuditRow>& logins);
  Result<void> put_rows(const std::vector<directory::KeptAnswer>& answers);
  Result<void> put_call(std::span<const directory::DomainAuditRow> rows);

  DirectoryLock lock_;
  Journal journal_;
  CopiedRows rows_;
  EmbeddedArchiveReader reader_;
  const std::string found_mark_;  // of an earlier run; empty: there was none
  const Timestamp now_;
  std::string content_;
  ArchiveHead head_;
};

}  // namespace muster::store
