// Where a directory is kept, as an operator names it: a data directory of this machine or a
// PostgreSQL database (--store postgresql://...). Opens either behind the one port.
//
//   auto opened = open_store({.url = "postgresql://muster@db1,db2/muster"}, metrics);
//   if (!opened) ...        // kUnexpectedError; a refused password is not repeated
//   use(*opened->store);
//   opened->close();        // the embedded store writes its snapshot
//
// The caller owns what is opened; `metrics` outlives it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "directory/store.h"
#include "store/postgres/postgres_store.h"

namespace muster::app {

struct StoreLocation {
  std::string data_dir = {};       // used when there is no url
  std::string url = {};            // is_store_url()
  std::string password_file = {};  // its first line beats the URL's password
  std::int64_t domain = 0;         // number of the domain in the database; 0: the only one
  bool is_new_domain = false;      // a further one of that number; 0: the next free one
  std::size_t connections = 24;
};

struct OpenedStore {
  std::unique_ptr<directory::Store> store;
  std::function<void()> close;
  std::int64_t domain = 0;  // its number in the database
};

// "postgresql://..." or "postgres://...".
[[nodiscard]] bool is_store_url(std::string_view text);

[[nodiscard]] Result<OpenedStore> open_store(const StoreLocation& location, Metrics& metrics);

// What the database's store wants to know. REQUIRES: a url. Errors: kUnexpectedError for the
// password file.
[[nodiscard]] Result<store::PostgresOptions> postgres_options(const StoreLocation& location);

// Makes or migrates the tables of the database. What version they have now. REQUIRES: a url.
[[nodiscard]] Result<int> migrate_store(const StoreLocation& location);

// Spreads the tables over the nodes of a Citus database, by domain, after making them.
// REQUIRES: a url.
[[nodiscard]] Result<void> distribute_store(const StoreLocation& location);
// The SQL that does it, a statement an element.
[[nodiscard]] std::vector<std::string> distribution_sql();

}  // namespace muster::app
