// A PostgreSQL server for tests: its own cluster in a temporary directory, on a unix socket there,
// gone with the object. Fast and not durable (fsync off).
//
//   const PostgresCluster cluster;
//   PostgresStore::open({.conninfo = cluster.conninfo(cluster.make_schema())}, metrics);
//
// PostgreSQL refuses to run as root: then it runs as the user postgres.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace muster::store {

class PostgresCluster {
 public:
  PostgresCluster();  // aborts the test program with the reason when there is no server
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;
  ~PostgresCluster();

  // A name space of its own in the one database, empty.
  [[nodiscard]] std::string make_schema();
  [[nodiscard]] std::string conninfo(const std::string& schema) const;
  // Runs SQL as an administrator could.
  void run(const std::string& statement, const std::string& schema = "public") const;
  // What the server has written to its log.
  [[nodiscard]] std::string log() const;

 private:
  std::filesystem::path root_;
  pid_t server_ = -1;
  int schemas_ = 0;
};

}  // namespace muster::store
