// Group commit in the calling threads: transactions line up in commit order, and whoever finds
// the queue's front complete and no flush under way leads - he writes all complete ones of the
// front as one group while others line up behind.
//
//   queue.enqueue(commit);               // under the store's apply lock: this is the order
//   commit->record = encode_record(...); // outside of any lock
//   Result<void> durable = queue.finish(*commit);
//
// Thread-safe. After the first failed flush nothing more is flushed, ever. A flush that throws ends
// the process: nobody could say what is on disk.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "store/changes.h"
#include "store/embedded/journal_record.h"

namespace muster::store {

// A transaction on its way to the disk.
struct Commit {
  Changes changes;
  directory::DomainPtr domain;  // as of this transaction
  JournalRecord record;
  directory::Digest content{};  // of the audit chain
  std::chrono::steady_clock::time_point queued{};
  bool is_complete = false;  // the record is encoded; guarded by the queue
};

using CommitGroup = std::vector<std::shared_ptr<Commit>>;

class CommitQueue {
 public:
  // Makes the group durable and visible. Called by one thread at a time, without the queue's lock.
  using Flush = std::function<Result<void>(const CommitGroup&)>;

  // `durable`: sequence of the newest transaction on disk.
  CommitQueue(Sequence durable, Flush flush);

  void enqueue(std::shared_ptr<Commit> commit) noexcept;
  // Returns once the transaction is durable and visible. kUnexpectedError when it never will be.
  // REQUIRES: enqueued, record complete.
  [[nodiscard]] Result<void> finish(Commit& commit);
  // Returns once everything up to `sequence` is. Same error.
  [[nodiscard]] Result<void> wait_for(Sequence sequence);

  [[nodiscard]] bool failed() const;
  // From outside: the disk failed elsewhere.
  void fail_all();
  [[nodiscard]] std::size_t size() const;

 private:
  void lead(std::unique_lock<std::mutex>& lock) noexcept;
  [[nodiscard]] Result<void> verdict(Sequence sequence) const;

  const Flush flush_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Commit>> waiting_;
  Sequence durable_;
  bool is_flushing_ = false;
  bool failed_ = false;
};

}  // namespace muster::store
