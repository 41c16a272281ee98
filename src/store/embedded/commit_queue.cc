#include "store/embedded/commit_queue.h"

#include <utility>

namespace muster::store {

CommitQueue::CommitQueue(Sequence durable, Flush flush)
    : flush_(std::move(flush)), durable_(durable) {}

void CommitQueue::enqueue(std::shared_ptr<Commit> commit) noexcept {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(commit));
}

Result<void> CommitQueue::finish(Commit& commit) {
  std::unique_lock lock(mutex_);
  commit.is_complete = true;
  const Sequence sequence = commit.changes.sequence;
  while (!failed_ && durable_ < sequence) {
    if (!is_flushing_ && waiting_.front()->is_complete) {
      lead(lock);
    } else {
      changed_.wait(lock);
    }
  }
  return verdict(sequence);
}

Result<void> CommitQueue::wait_for(Sequence sequence) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return failed_ || durable_ >= sequence; });
  return verdict(sequence);
}

void CommitQueue::lead(std::unique_lock<std::mutex>& lock) noexcept {
  CommitGroup group;
  while (!waiting_.empty() && waiting_.front()->is_complete) {
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  const Sequence last = group.back()->changes.sequence;
  is_flushing_ = true;
  lock.unlock();
  const Result<void> done = flush_(group);
  lock.lock();
  is_flushing_ = false;
  if (done) {
    durable_ = last;
  } else {
    failed_ = true;
  }
  changed_.notify_all();
}

Result<void> CommitQueue::verdict(Sequence sequence) const {
  if (durable_ >= sequence) return {};
  return fail(ErrorType::kUnexpectedError, "The change could not be stored.");
}

bool CommitQueue::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

void CommitQueue::fail_all() {
  const std::lock_guard lock(mutex_);
  failed_ = true;
  changed_.notify_all();
}

std::size_t CommitQueue::size() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace muster::store
