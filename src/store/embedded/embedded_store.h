// The default store: the directory in memory, every transaction durable in a journal.
//
//   auto store = EmbeddedStore::open("data", {.on_failure = stop_the_process}, metrics);
//   if (!store) ...  // error text names the directory or file and what is wrong with it
//   (*store)->write(actor, work);
//   (*store)->close();
//
// One SQLite file, DIR/muster.db (schema.h), one process per directory. write() runs its closure
// on the newest accepted state, then waits for the disk; transactions that wait together share
// one commit. read() looks at the published image and never waits for a disk. A maintenance
// thread keeps the snapshot and the write-ahead log short.
//
// After any failure of the disk failed() is true for ever, every waiting and later write() gets
// kUnexpectedError, `on_failure` is called once (on the thread that noticed, which holds no lock;
// failed() is true by then) and what was not durable is never seen by a reader. A failed sync is
// never tried again.
//
// Thread-safe; closures must not call the store again. Owned by app, which outlives nobody that
// uses it; `metrics` outlives the store.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "directory/store.h"
#include "store/embedded/audit_reader.h"
#include "store/embedded/commit_queue.h"
#include "store/embedded/directory_lock.h"
#include "store/embedded/disk_turn.h"
#include "store/embedded/journal.h"
#include "store/embedded/recovery.h"
#include "store/embedded/snapshot_writer.h"
#include "store/memory_image.h"
#include "store/overlay.h"

namespace muster::store {

struct EmbeddedOptions {
  std::function<void(const std::string& reason)> on_failure;
  // A snapshot begins when the journal since the last one is longer than this, and longer than
  // four times the directory (so that less than three bytes are written for each byte of news).
  std::int64_t snapshot_bytes_min = 64LL << 20;
  // The write-ahead log is carried over into the file when it is longer than this. Commits wait for
  // the disk while that is synced: with four times as much p99 doubled, and no byte was saved.
  std::int64_t wal_bytes_max = 8LL << 20;
  // Tests: without the thread, maintain() is called by hand.
  bool has_maintenance_thread = true;
  // Tests: SQLite's name of the file system to use; empty is the system's own.
  std::string vfs;
};

class EmbeddedStore final : public directory::Store {
 public:
  // Creates directory (mode 0700) and file (mode 0600) when missing. Errors: kUnexpectedError.
  [[nodiscard]] static Result<std::unique_ptr<EmbeddedStore>> open(
      const std::filesystem::path& directory, EmbeddedOptions options, Metrics& metrics);
  // As close().
  ~EmbeddedStore() override;

  Result<void> read(const std::function<Result<void>(directory::Reader&)>& work) override;
  Result<void> write(const directory::Actor& actor,
                     const std::function<Result<void>(directory::Transaction&)>& work) override;
  bool initialised() const override { return initialised_; }
  Result<void> mark_initialised() override;
  bool failed() const override { return queue_.failed(); }

  // Refuses further writes, waits for those under way, writes a snapshot (so that the next start
  // has nothing to replay) and closes the file. Later calls do nothing.
  void close();

  // Does what is due: old users freed, snapshot, checkpoint. An error fails the store. Called by
  // the maintenance thread, and by tests that run without it.
  [[nodiscard]] Result<void> maintain();

 private:
  struct Files;  // everything that open() has to succeed with
  EmbeddedStore(Files files, Recovery recovery, EmbeddedOptions options, Metrics& metrics);

  // Runs the closure and lines its changes up. Null when it wrote nothing; `seen` is then what it
  // may have read.
  Result<std::shared_ptr<Commit>> apply(
      const directory::Actor& actor,
      const std::function<Result<void>(directory::Transaction&)>& work, Sequence& seen);
  // From here to publish() nothing may be unwound: a number that was given and never written would
  // leave a gap in the journal, a flush that nobody ends would hold up all. Without memory the
  // process ends, and the next start recovers what is on disk.
  std::shared_ptr<Commit> line_up(Changes changes) noexcept;
  static void encode(Commit& commit) noexcept;
  // Takes what is published out of head_, unless no more than `left` commits are. Under apply_.
  [[nodiscard]] CommitGroup forget_published(std::size_t left);
  Result<void> flush(const CommitGroup& group) noexcept;
  void publish(const CommitGroup& group) noexcept;
  void fail_store(const std::string& reason);

  void run_maintenance();
  void free_published();
  [[nodiscard]] bool snapshot_is_due() const;
  Result<void> write_snapshot();
  Result<void> checkpoint();
  Result<void> carry_over();

  const EmbeddedOptions options_;
  Metrics& metrics_;
  DirectoryLock lock_;
  std::atomic<bool> initialised_;
  std::atomic<bool> reported_ = false;

  SharedImage shared_;
  AuditReader audit_;

  std::mutex apply_;  // guards head_, is_closed_
  Head head_;
  bool is_closed_ = false;
  std::mutex published_mutex_;
  CommitGroup published_;  // still in head_.pending

  DiskTurn disk_;  // of journal_ and the chunks of the snapshot
  Journal journal_;
  Database background_;
  std::unique_ptr<SnapshotWriter> snapshots_;
  CommitQueue queue_;

  std::mutex dirty_mutex_;
  DirtyKeys dirty_;
  std::atomic<std::int64_t> journal_bytes_;  // since the last snapshot began
  std::atomic<std::int64_t> wal_bytes_ = 0;

  std::mutex maintenance_mutex_;
  std::condition_variable maintenance_wanted_;
  bool is_stopping_ = false;
  std::thread maintenance_;
};

}  // namespace muster::store
