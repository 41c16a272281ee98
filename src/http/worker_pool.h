// Threads for work that may block: a store commit, a password hash. The queue is bounded, and the
// bound is asked for before the work is handed over:
//
//   if (!pool.reserve()) answer 503;
//   pool.submit([] { ... });
//
// reserve() and submit() may be called from any thread. Jobs must not throw. stop() and the
// destructor belong to the owner.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/metrics.h"

namespace muster::http {

class WorkerPool {
 public:
  using Job = std::move_only_function<void()>;

  // `queue` shows how many jobs wait.
  WorkerPool(int threads, std::size_t queue_max, prometheus::Gauge& queue);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // A place in the queue, or false: as many as allowed wait already.
  [[nodiscard]] bool reserve();
  // REQUIRES: a place reserved for it.
  void submit(Job job);

  // Finishes the jobs that run, destroys those that wait. Idempotent.
  void stop();

 private:
  void work();

  const std::size_t queue_max_;
  prometheus::Gauge& queue_gauge_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> queue_;
  std::size_t reserved_ = 0;  // places taken, by queued jobs and by those about to be submitted
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace muster::http
