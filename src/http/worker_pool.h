// Threads for work that may block: a store commit, a password hash. The queue is bounded in all and
// per client, and the bound is asked for before the work is handed over:
//
//   auto place = pool.reserve("192.0.2.10");
//   if (!place) answer 503;
//   pool.submit(std::move(*place), [](WorkerPool::Share) { ... });
//
// Clients take turns: a client's next job waits for one job of every other client that waits, not
// for all of them. reserve() does everything that can fail for want of memory, submit() nothing.
//
// reserve() and submit() may be called from any thread. Jobs must not throw. stop() and the
// destructor belong to the owner; the pool outlives its places and shares.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/metrics.h"

namespace muster::http {

class WorkerPool {
  struct Client {
    std::size_t held = 0;  // jobs that wait, run or are about to be submitted
    std::uint64_t last_turn = 0;
  };
  using Clients = std::unordered_map<std::string, Client>;

 public:
  struct Bounds {
    std::size_t queue_max;       // jobs that wait
    std::size_t per_client_max;  // jobs of one client that wait or run
  };
  enum class Full : std::uint8_t { kQueue, kClient };

  // A job's part of what its client may hold. Goes back with the object, or when it is told to:
  // before the client hears of the job's end.
  class Share {
   public:
    Share(Share&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), client_(other.client_) {}
    Share& operator=(Share&&) = delete;
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { give_back(); }
    void give_back() {
      if (pool_ != nullptr) std::exchange(pool_, nullptr)->release(*client_);
    }

   private:
    friend class WorkerPool;
    Share(WorkerPool& pool, Clients::value_type& client) : pool_(&pool), client_(&client) {}

    WorkerPool* pool_;
    Clients::value_type* client_;
  };

  using Job = std::move_only_function<void(Share)>;

 private:
  struct Waiting {
    Share share;
    Job job;
  };
  using Queue = std::multimap<std::uint64_t, Waiting>;  // by turn

 public:
  // Room for one job in the queue. Goes back with the object, unless submit() takes it.
  class Place {
   public:
    Place(Place&&) = default;
    Place& operator=(Place&&) = delete;
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
      if (node_) pool_->give_up_place();
    }

   private:
    friend class WorkerPool;
    Place(WorkerPool& pool, Queue::node_type node) : pool_(&pool), node_(std::move(node)) {}

    WorkerPool* pool_;
    Queue::node_type node_;  // empty when moved from
  };

  // `queue` shows how many jobs wait.
  WorkerPool(int threads, Bounds bounds, prometheus::Gauge& queue);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] std::expected<Place, Full> reserve(const std::string& client);
  // REQUIRES: `place` is of this pool and was not moved from.
  void submit(Place place, Job job) noexcept;

  // Starts no job any more, and waits for those that run. False: one still did at `until`; the pool
  // cannot be destroyed before it has returned.
  [[nodiscard]] bool quit(std::chrono::steady_clock::time_point until);
  // Finishes the jobs that run, destroys those that wait. Idempotent.
  void stop();

 private:
  void work() noexcept;
  void give_up_place() noexcept;
  void release(Clients::value_type& client) noexcept;

  const Bounds bounds_;
  prometheus::Gauge& queue_gauge_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable ended_;
  Clients clients_;  // those that hold something
  Queue queue_;
  std::uint64_t turn_ = 0;    // of the job that was started last
  int working_ = 0;           // threads that have not ended
  std::size_t reserved_ = 0;  // places taken, by queued jobs and by those about to be submitted
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace muster::http
