// What comes before a PostgreSQL store can be used: its tables, its domain, and who may fill it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "store/postgres/connection.h"

namespace muster::store {

struct Opening {
  std::int64_t domain_id = 0;
  bool initialised = false;  // else `connection` holds the lock of who fills the database
};

// Takes the domain `wanted` (0: the only one; made when there is none), waiting up to `timeout` for
// a process that is filling the database. What an interrupted filling left is removed. Errors: of
// the database; kWrongDomain.
[[nodiscard]] Answer<Opening> take_domain(Connection& connection, std::int64_t wanted,
                                          std::chrono::seconds timeout);
// A further domain, to be filled: `wanted`, or 0 for the next number. Waits likewise. Errors: of
// the database; kWrongDomain when there is one of that number.
[[nodiscard]] Answer<Opening> take_new_domain(Connection& connection, std::int64_t wanted,
                                              std::chrono::seconds timeout);
void release_filling(Connection& connection);

inline constexpr std::string_view kWrongDomain = "MU002";

}  // namespace muster::store
