// What comes before a PostgreSQL store can be used: its tables, its domain, and who may fill it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/postgres/connection.h"

namespace muster::store {

struct Opening {
  std::int64_t domain_id = 0;
  bool initialised = false;    // else `connection` holds the lock of who fills the database
  std::string copy_mark = {};  // of a copy that is not complete (store/archive.h); empty: none
};

// The domain `wanted`, 0: the only one, as it is. Number 0: there is none yet. Errors: of the
// database; kWrongDomain.
[[nodiscard]] Answer<Opening> find_domain(Connection& connection, std::int64_t wanted);

// Takes the domain `wanted` (0: the only one; made when there is none), waiting up to `timeout` for
// a process that is filling the database. What an interrupted filling left is removed, but not what
// a copy left. Errors: of the database; kWrongDomain.
[[nodiscard]] Answer<Opening> take_domain(Connection& connection, std::int64_t wanted,
                                          std::chrono::seconds timeout);
// A further domain, to be filled: `wanted`, or 0 for the next number. Waits likewise. Errors: of
// the database; kWrongDomain when there is one of that number.
[[nodiscard]] Answer<Opening> take_new_domain(Connection& connection, std::int64_t wanted,
                                              std::chrono::seconds timeout);
// The target of a copy: a domain that is not there yet, `wanted` or 0 for the first one, or one
// with a part of a copy. Waits likewise. Errors: of the database; kWrongDomain when it has data.
[[nodiscard]] Answer<Opening> take_domain_to_copy(Connection& connection, std::int64_t wanted,
                                                  std::chrono::seconds timeout);
void release_filling(Connection& connection);

inline constexpr std::string_view kWrongDomain = "MU002";

}  // namespace muster::store
