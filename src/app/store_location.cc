#include "app/store_location.h"

#include <utility>

#include "app/secret_input.h"
#include "base/log.h"
#include "store/embedded/embedded_store.h"
#include "store/postgres/distribution.h"
#include "store/postgres/schema.h"

namespace muster::app {
namespace {

Result<OpenedStore> open_embedded(const StoreLocation& location, Metrics& metrics) {
  store::EmbeddedOptions options;
  options.on_failure = [](const std::string& reason) {
    log::error("store failed", {{"reason", reason}});
  };
  auto opened = store::EmbeddedStore::open(location.data_dir, std::move(options), metrics);
  if (!opened) return std::unexpected(std::move(opened.error()));
  store::EmbeddedStore* const raw = opened->get();
  return OpenedStore{.store = std::move(*opened), .close = [raw] { raw->close(); }};
}

}  // namespace

bool is_store_url(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

Result<store::PostgresOptions> postgres_options(const StoreLocation& location) {
  store::PostgresOptions options{.conninfo = location.url,
                                 .domain = location.domain,
                                 .is_new_domain = location.is_new_domain,
                                 .connections_max = location.connections};
  if (location.password_file.empty()) return options;
  Result<std::string> password = read_secret(location.password_file, "");
  if (!password) return std::unexpected(std::move(password.error()));
  options.password = std::move(*password);
  return options;
}

Result<OpenedStore> open_store(const StoreLocation& location, Metrics& metrics) {
  if (location.url.empty()) return open_embedded(location, metrics);
  const auto options = postgres_options(location);
  if (!options) return std::unexpected(options.error());
  auto opened = store::PostgresStore::open(*options, metrics);
  if (!opened) return std::unexpected(std::move(opened.error()));
  const std::int64_t domain = (*opened)->domain();
  return OpenedStore{.store = std::move(*opened), .close = [] {}, .domain = domain};
}

Result<int> migrate_store(const StoreLocation& location) {
  const auto options = postgres_options(location);
  if (!options) return std::unexpected(options.error());
  auto migrated = store::PostgresStore::migrate(*options);
  if (!migrated) return std::unexpected(std::move(migrated.error()));
  return store::kSchemaVersion;
}

Result<void> distribute_store(const StoreLocation& location) {
  const auto options = postgres_options(location);
  if (!options) return std::unexpected(options.error());
  return store::PostgresStore::distribute(*options);
}

std::vector<std::string> distribution_sql() {
  std::vector<std::string> statements = store::distribution_calls();
  for (std::string& statement : statements) statement += ";";
  return statements;
}

}  // namespace muster::app
