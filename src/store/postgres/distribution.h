// Spreads the tables over the nodes of a Citus database, by domain: all rows of a domain stay on
// one node, so that its transactions do.
#pragma once

#include <string>
#include <vector>

#include "store/postgres/connection.h"

namespace muster::store {

// The SQLSTATE of our own refusal of a database without the extension.
inline constexpr std::string_view kNoCitus = "MU003";

// The calls, without semicolons, in their order.
[[nodiscard]] std::vector<std::string> distribution_calls();

// Makes them, all or none. REQUIRES: the tables are there. Errors: of the database; kNoCitus.
[[nodiscard]] Answer<void> distribute_tables(Connection& connection);

}  // namespace muster::store
