// Fresh user ids, taken from the database a block at a time: a transaction that creates users holds
// up no other one, and what it gives up is not given again.
//
//   auto ids = blocks.take(3);      // ascending, never given before, not even by another node
//   blocks.raise(UserId{5000});     // an id that came from elsewhere (a seed file)
//
// Asks on a connection of its own, outside of any transaction. Thread-safe.
#pragma once

#include <mutex>
#include <vector>

#include "directory/ids.h"
#include "store/postgres/connection_pool.h"

namespace muster::store {

class IdBlocks {
 public:
  // One connection of `pool`, which outlives it, is used at a time.
  IdBlocks(ConnectionPool& pool, std::int64_t domain_id) : pool_(pool), domain_id_(domain_id) {}

  [[nodiscard]] Answer<std::vector<directory::UserId>> take(std::size_t count);
  [[nodiscard]] Answer<void> raise(directory::UserId used);

 private:
  [[nodiscard]] Answer<std::int64_t> ask(const std::string& sql, std::int64_t number);

  ConnectionPool& pool_;
  const std::int64_t domain_id_;
  std::mutex mutex_;
  std::int64_t next_ = 1;  // of the block
  std::int64_t end_ = 1;
  std::int64_t seen_ = 0;  // the database's counter is at least this
};

}  // namespace muster::store
