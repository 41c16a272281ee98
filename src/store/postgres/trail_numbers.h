// The numbers by which rows of the trails and batches are ordered, one sequence for all of a
// domain.
//
//   auto before = numbers.reserve(501);   // the rows are before + 1 to before + 501
//
// A transaction asks when everything it changes is locked and nothing but the COMMIT is left: so
// the rows of one user are in the order of his changes, whatever node made them. It is counted on a
// connection of its own, whose commit waits for no disk, so that nobody waits for another's flush:
// the commit that uses a number comes later in the database's log and takes the count along.
// Numbers of a transaction that fails are not given again.
//
// Thread-safe.
#pragma once

#include <cstdint>

#include "store/postgres/connection_pool.h"

namespace muster::store {

class TrailNumbers {
 public:
  // `pool` outlives it.
  TrailNumbers(ConnectionPool& pool, std::int64_t domain_id) : pool_(pool), domain_id_(domain_id) {}

  [[nodiscard]] Answer<std::int64_t> reserve(std::int64_t count);

 private:
  [[nodiscard]] Answer<Rows> advance(std::int64_t count);

  ConnectionPool& pool_;
  const std::int64_t domain_id_;
};

}  // namespace muster::store
