#include "store/postgres/distribution.h"

#include "store/postgres/tables.h"

namespace muster::store {
namespace {

Answer<void> find_citus(Connection& connection) {
  const auto found = connection.ask("SELECT 1 FROM pg_extension WHERE extname = 'citus'");
  if (!found) return std::unexpected(found.error());
  if (!found->empty()) return {};
  return std::unexpected(DatabaseError{
      std::string(kNoCitus), "It has no extension citus (CREATE EXTENSION citus makes it)."});
}

}  // namespace

std::vector<std::string> distribution_calls() {
  std::vector<std::string> calls;
  calls.reserve(kSharedTables.size() + kDomainTables.size());
  for (const std::string table : kSharedTables) {
    calls.push_back("SELECT create_reference_table('" + table + "')");
  }
  // The others go where the first one goes, which keeps apart from other programs' tables.
  const std::string first = kDomainTables.front();
  for (const std::string table : kDomainTables) {
    calls.push_back("SELECT create_distributed_table('" + table +
                    "', 'domain_id', colocate_with => '");
    calls.back() += (table == first ? "none" : first) + "')";
  }
  return calls;
}

Answer<void> distribute_tables(Connection& connection) {
  if (auto found = find_citus(connection); !found) return found;
  connection.send("BEGIN");
  for (const std::string& call : distribution_calls()) connection.send(call);
  const Answer<void> done = connection.finish();
  connection.send(done ? "COMMIT" : "ROLLBACK");
  const Answer<void> ended = connection.finish();
  return done ? ended : done;
}

}  // namespace muster::store
