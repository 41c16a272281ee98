#include "http/worker_pool.h"

#include <utility>

#include "base/assert.h"

namespace muster::http {

WorkerPool::WorkerPool(int threads, std::size_t queue_max, prometheus::Gauge& queue)
    : queue_max_(queue_max), queue_gauge_(queue) {
  MUSTER_ASSERT(threads > 0);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::reserve() {
  const std::scoped_lock lock(mutex_);
  if (reserved_ >= queue_max_) return false;
  ++reserved_;
  return true;
}

void WorkerPool::submit(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    MUSTER_ASSERT(queue_.size() < reserved_);
    queue_.push_back(std::move(job));
  }
  queue_gauge_.Increment();
  changed_.notify_one();
}

void WorkerPool::work() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      job = std::move(queue_.front());
      queue_.pop_front();
      --reserved_;
    }
    queue_gauge_.Decrement();
    job();
  }
}

void WorkerPool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  threads_.clear();  // joins
  std::deque<Job> dropped;
  {
    const std::scoped_lock lock(mutex_);
    dropped.swap(queue_);
  }
  queue_gauge_.Decrement(static_cast<double>(dropped.size()));
}

}  // namespace muster::http
