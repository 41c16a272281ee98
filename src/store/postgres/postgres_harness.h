// A PostgresStore for tests, in a name space of its own on the one server of the test program,
// which starts with the first test and ends with the last.
//
//   PostgresHarness harness;
//   harness.store().write(...);
//   harness.run("SELECT ...");       // from the other side
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/metrics.h"
#include "store/conformance.h"
#include "store/postgres/postgres_cluster.h"
#include "store/postgres/postgres_store.h"

namespace muster::store {

// Within a test.
[[nodiscard]] PostgresCluster& test_cluster();

class PostgresHarness final : public StoreHarness {
 public:
  PostgresHarness() { open(); }
  ~PostgresHarness() override;

  directory::Store& store() override { return *store_; }
  bool reopen() override;
  // Another node on the same database.
  [[nodiscard]] std::unique_ptr<PostgresStore> open_other();
  void run(const std::string& statement) const { test_cluster().run(statement, schema_); }
  // The one number that the statement gives.
  [[nodiscard]] std::int64_t number(const std::string& statement) const;
  // What opening says, "" when it opens.
  [[nodiscard]] std::string refusal();
  void close() { store_.reset(); }
  // Cuts all connections of this store, from the other side.
  void cut() const;

 private:
  void open();

  std::string schema_ = test_cluster().make_schema();
  Metrics metrics_;
  std::unique_ptr<PostgresStore> store_;
};

}  // namespace muster::store
