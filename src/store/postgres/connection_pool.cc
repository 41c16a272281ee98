#include "store/postgres/connection_pool.h"

#include <iterator>
#include <utility>

namespace muster::store {

Answer<ConnectionPool::Lease> ConnectionPool::take() {
  std::unique_ptr<Connection> connection;
  {
    std::unique_lock lock(mutex_);
    waiting_.emplace_back();
    const auto place = std::prev(waiting_.end());
    const bool is_free = returned_.wait_for(lock, kPoolTimeout,
                                            [&] { return free_ > 0 && place == waiting_.begin(); });
    waiting_.erase(place);
    returned_.notify_all();  // the next one may have become the first
    if (!is_free) return std::unexpected(DatabaseError{"53300", "all connections are in use"});
    --free_;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (connection) return Lease(*this, std::move(connection));
  Answer<Connection> opened = Connection::open(conninfo_, password_);
  if (!opened) {
    give_back(nullptr);
    return std::unexpected(std::move(opened.error()));
  }
  return Lease(*this, std::make_unique<Connection>(std::move(*opened)));
}

void ConnectionPool::forget_idle() {
  std::vector<std::unique_ptr<Connection>> forgotten;  // closed without the lock
  const std::lock_guard lock(mutex_);
  forgotten.swap(idle_);
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection) {
  if (connection && !connection->is_reusable()) connection.reset();
  const std::lock_guard lock(mutex_);
  ++free_;
  if (connection) idle_.push_back(std::move(connection));
  returned_.notify_all();
}

}  // namespace muster::store
