#include "http/worker_pool.h"

#include <algorithm>

#include "base/assert.h"

namespace muster::http {

WorkerPool::WorkerPool(int threads, Bounds bounds, prometheus::Gauge& queue)
    : bounds_(bounds), queue_gauge_(queue), working_(threads) {
  MUSTER_ASSERT(threads > 0);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() { stop(); }

std::expected<WorkerPool::Place, WorkerPool::Full> WorkerPool::reserve(const std::string& client) {
  Clients::value_type* holder = nullptr;
  {
    const std::scoped_lock lock(mutex_);
    if (reserved_ >= bounds_.queue_max) return std::unexpected(Full::kQueue);
    holder = &*clients_.try_emplace(client).first;
    if (holder->second.held >= bounds_.per_client_max) return std::unexpected(Full::kClient);
    ++holder->second.held;
    ++reserved_;
  }
  Share share(*this, *holder);
  try {
    Queue one;
    const auto node = one.emplace(0, Waiting{std::move(share), {}});
    return Place(*this, one.extract(node));
  } catch (...) {
    give_up_place();
    throw;
  }
}

void WorkerPool::submit(Place place, Job job) noexcept {
  MUSTER_ASSERT(place.pool_ == this && place.node_);
  Waiting& waiting = place.node_.mapped();
  waiting.job = std::move(job);
  {
    const std::scoped_lock lock(mutex_);
    Client& client = waiting.share.client_->second;
    client.last_turn = std::max(turn_, client.last_turn) + 1;
    place.node_.key() = client.last_turn;
    queue_.insert(std::move(place.node_));  // behind those of the same turn
  }
  queue_gauge_.Increment();
  changed_.notify_one();
}

void WorkerPool::work() noexcept {
  for (;;) {
    Queue::node_type next;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) {
        if (--working_ == 0) ended_.notify_all();
        return;
      }
      next = queue_.extract(queue_.begin());
      turn_ = next.key();
      --reserved_;
    }
    queue_gauge_.Decrement();
    next.mapped().job(std::move(next.mapped().share));
  }
}

void WorkerPool::give_up_place() noexcept {
  const std::scoped_lock lock(mutex_);
  --reserved_;
}

void WorkerPool::release(Clients::value_type& client) noexcept {
  const std::scoped_lock lock(mutex_);
  if (--client.second.held == 0) clients_.erase(clients_.find(client.first));
}

bool WorkerPool::quit(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  return ended_.wait_until(lock, until, [this] { return working_ == 0; });
}

void WorkerPool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  threads_.clear();  // joins
  Queue dropped;
  {
    const std::scoped_lock lock(mutex_);
    dropped.swap(queue_);
    reserved_ -= dropped.size();
  }
  queue_gauge_.Decrement(static_cast<double>(dropped.size()));
}

}  // namespace muster::http
