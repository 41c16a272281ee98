// The tables of the PostgreSQL store. Every key begins with the domain, so that one database holds
// many and a distributed engine can part them by it.
//
// One writer migrates at a time (advisory lock within the transaction). A database of a newer
// program is refused. The connection belongs to the caller.
#pragma once

#include "store/postgres/connection.h"

namespace muster::store {

inline constexpr int kSchemaVersion = 2;

// The SQLSTATE of our own refusal of a newer schema.
inline constexpr std::string_view kNewerSchema = "MU001";

// Makes or migrates the tables. Errors: those of the database; kNewerSchema.
[[nodiscard]] Answer<void> migrate_schema(Connection& connection);

}  // namespace muster::store
