#include "store/postgres/postgres_harness.h"

#include <gtest/gtest.h>

#include <chrono>

#include "store/store_testing.h"

namespace muster::store {
namespace {

std::unique_ptr<PostgresCluster> cluster;

class ClusterOfAllTests final : public ::testing::Environment {
 public:
  void SetUp() override { cluster = std::make_unique<PostgresCluster>(); }
  void TearDown() override { cluster.reset(); }
};

const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new ClusterOfAllTests);

}  // namespace

PostgresCluster& test_cluster() { return *cluster; }

PostgresHarness::~PostgresHarness() {
  store_.reset();
  test_cluster().run("DROP SCHEMA " + schema_ + " CASCADE");
}

bool PostgresHarness::reopen() {
  // What was not marked as initialised would start over.
  testing::expect_done(store_->mark_initialised());
  open();
  return true;
}

std::unique_ptr<PostgresStore> PostgresHarness::open_other() {
  auto opened = PostgresStore::open(
      {.conninfo = test_cluster().conninfo(schema_), .filling_timeout = std::chrono::seconds{1}},
      metrics_);
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? std::move(*opened) : nullptr;
}

std::int64_t PostgresHarness::number(const std::string& statement) const {
  auto connection = Connection::open(test_cluster().conninfo(schema_), "");
  EXPECT_TRUE(connection);
  if (!connection) return 0;
  const auto rows = connection->ask(statement);
  EXPECT_TRUE(rows) << rows.error().message;
  return rows && !rows->empty() ? rows->integer(0, 0) : 0;
}

std::string PostgresHarness::refusal() {
  const auto opened = PostgresStore::open(
      {.conninfo = test_cluster().conninfo(schema_), .filling_timeout = std::chrono::seconds{0}},
      metrics_);
  return opened ? "" : opened.error().message;
}

void PostgresHarness::cut() const {
  run("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> "
      "pg_backend_pid() AND backend_type = 'client backend'");
}

void PostgresHarness::open() {
  store_.reset();
  store_ = open_other();
  ASSERT_TRUE(store_);
}

}  // namespace muster::store
