// A bounded number of connections, given out in the order of asking.
//
//   auto lease = pool.take();
//   if (!lease) ...                 // nothing free for kPoolTimeout, or no database
//   (*lease)->ask(...);             // goes back with the lease, unless it is of no further use
//
// Thread-safe. Outlives its leases.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/postgres/connection.h"

namespace muster::store {

class ConnectionPool {
 public:
  static constexpr std::chrono::seconds kPoolTimeout{5};

  ConnectionPool(std::string conninfo, std::string password, std::size_t size)
      : conninfo_(std::move(conninfo)), password_(std::move(password)), free_(size) {}

  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_->give_back(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    ConnectionPool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  [[nodiscard]] Answer<Lease> take();
  // Idle connections are closed: the database they led to is gone.
  void forget_idle();

 private:
  void give_back(std::unique_ptr<Connection> connection);

  const std::string conninfo_;
  const std::string password_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::size_t free_;         // leases that may still be given out
  std::list<char> waiting_;  // an element for each who asks, the longest first
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace muster::store
