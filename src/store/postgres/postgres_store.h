// The directory in PostgreSQL 15 or later: several server nodes on one database, which may fail
// over.
//
//   auto store = PostgresStore::open({.conninfo = "postgresql://muster@db1,db2/muster"}, metrics);
//   if (!store) ...  // kUnexpectedError with what the database said
//   (*store)->write(actor, work);
//
// write() is one transaction, READ COMMITTED, that locks whom it looks up. It runs the closure
// again when the database asks for it (conflict, deadlock, fail-over) and answers kRaceCondition
// when that does not end. A connection that is lost with the COMMIT under way is judged by the
// transaction's token before anything is answered. read() is one snapshot, REPEATABLE READ.
//
// A database that is away makes calls fail with kUnexpectedError; failed() stays false, available()
// says so, and later calls try again. A database that was never initialised is filled by one
// process alone: the others wait in open() (session lock on a connection of its own), and what an
// interrupted filling left is removed.
//
// Thread-safe. Closures must not call the store again. `metrics` outlives the store.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/metrics.h"
#include "base/result.h"
#include "directory/store.h"
#include "store/postgres/connection_pool.h"
#include "store/postgres/id_blocks.h"
#include "store/postgres/postgres_transaction.h"
#include "store/postgres/queries.h"
#include "store/postgres/trail_numbers.h"

namespace muster::store {

struct PostgresOptions {
  std::string conninfo;        // URI or keywords, as libpq takes them
  std::string password = {};   // empty: that of conninfo, PGPASSWORD or the password file
  std::int64_t domain = 0;     // which one (domain.domain_id); 0: the only one
  bool is_new_domain = false;  // a further one: it must not be there yet; 0: the next number
  std::size_t connections_max = 24;
  // How long open() waits for a process that is filling the database.
  std::chrono::seconds filling_timeout{600};
};

class PostgresStore final : public directory::Store {
 public:
  // Makes or migrates the tables.
  [[nodiscard]] static Result<std::unique_ptr<PostgresStore>> open(const PostgresOptions& options,
                                                                   Metrics& metrics);
  // The tables alone.
  [[nodiscard]] static Result<void> migrate(const PostgresOptions& options);
  // Makes them and spreads them over the nodes of a Citus database (distribution.h).
  [[nodiscard]] static Result<void> distribute(const PostgresOptions& options);
  ~PostgresStore() override;

  Result<void> read(const std::function<Result<void>(directory::Reader&)>& work) override;
  Result<void> write(const directory::Actor& actor,
                     const std::function<Result<void>(directory::Transaction&)>& work) override;
  bool initialised() const override { return initialised_; }
  Result<void> mark_initialised() override;
  bool failed() const override { return false; }
  std::optional<std::int64_t> count_shared(const directory::SharedCount& count) override;
  bool may_wait() const override { return true; }
  bool available() const override { return available_; }
  // The number of its domain in the database.
  [[nodiscard]] std::int64_t domain() const { return domain_id_; }

 private:
  PostgresStore(const PostgresOptions& options, Metrics& metrics, Connection filling,
                std::int64_t domain_id, bool initialised);

  // How one run of a transaction ended.
  struct Run {
    Result<void> result;
    std::optional<DatabaseError> failure = std::nullopt;  // what the database said, if it failed
    std::string unknown_token = {};  // set: the commit may have happened or not
  };
  Run try_read(const std::function<Result<void>(directory::Reader&)>& work);
  // `alone`: holding back others who change the settings.
  Run try_write(const directory::Actor& actor,
                const std::function<Result<void>(directory::Transaction&)>& work, bool alone);
  // Whether the transaction of that token was committed. It cannot be afterwards.
  [[nodiscard]] Answer<bool> was_committed(const std::string& token);
  [[nodiscard]] Answer<void> wait_for_standby(Connection& connection) const;
  [[nodiscard]] Result<bool> settle(const std::string& token);
  // Runs once(alone) until it succeeds, fails for good or has failed too often; alone after a
  // conflict, so that of many who change the settings each has his turn.
  template <typename Once>
  Result<void> repeat(const Once& once);
  Run refused(DatabaseError error);
  [[nodiscard]] Answer<ConnectionPool::Lease> connect();

  void maintain();
  [[nodiscard]] Answer<void> do_chores();

  Metrics& metrics_;
  ConnectionPool pool_;
  ConnectionPool aside_;  // what is outside of the transactions: ids, numbers, chores
  const std::int64_t domain_id_;
  std::atomic<bool> initialised_;
  std::atomic<bool> available_ = true;
  DomainCache domains_;
  IdBlocks ids_;
  TrailNumbers numbers_;

  std::mutex mutex_;
  std::optional<Connection> filling_;  // holds the session lock while the store is being filled
  std::condition_variable ending_;
  bool is_ending_ = false;
  std::thread maintenance_;
};

}  // namespace muster::store
