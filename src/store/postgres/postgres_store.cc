#include "store/postgres/postgres_store.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "base/log.h"
#include "store/postgres/distribution.h"
#include "store/postgres/opening.h"
#include "store/postgres/schema.h"

namespace muster::store {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kRuns = 5;
constexpr std::size_t kConnectionsAside = 3;
constexpr int kLooks = 20;  // for the token of a lost commit, kLookPause apart
constexpr milliseconds kLookPause{500};
constexpr std::chrono::seconds kChorePause{1};
constexpr int kTidyingEvery = 60;  // of them

std::mt19937_64& generator() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return engine;
}

std::string make_token() {
  static const std::uint64_t process = generator()();
  static std::atomic<std::uint64_t> counter = 0;
  std::array<char, 48> text{};
  const int size = std::snprintf(text.data(), text.size(), "%016llx-%llu",
                                 static_cast<unsigned long long>(process),
                                 static_cast<unsigned long long>(++counter));
  return {text.data(), static_cast<std::size_t>(size)};
}

// Longer with each run, and never the same for two who met.
void pause_before(int run) {
  std::uniform_int_distribution<int> jitter(1, 10 << run);
  std::this_thread::sleep_for(milliseconds(jitter(generator())));
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::int64_t milliseconds_since_1970() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// For the operator; clients are told less.
std::unexpected<Error> no_database(const DatabaseError& error) {
  return fail(ErrorType::kUnexpectedError, "Database: " + error.message);
}

std::unexpected<Error> no_answer() {
  return fail(ErrorType::kUnexpectedError, "The database does not answer.");
}

}  // namespace

// Opening --------------------------------------------------------------------------------------

Result<std::unique_ptr<PostgresStore>> PostgresStore::open(const PostgresOptions& options,
                                                           Metrics& metrics) {
  Answer<Connection> connection = Connection::open(options.conninfo, options.password);
  if (!connection) return no_database(connection.error());
  if (auto migrated = migrate_schema(*connection); !migrated) return no_database(migrated.error());
  const auto take = options.is_new_domain ? take_new_domain : take_domain;
  const auto opening = take(*connection, options.domain, options.filling_timeout);
  if (!opening) return no_database(opening.error());
  return std::unique_ptr<PostgresStore>(new PostgresStore(
      options, metrics, std::move(*connection), opening->domain_id, opening->initialised));
}

Result<void> PostgresStore::migrate(const PostgresOptions& options) {
  Answer<Connection> connection = Connection::open(options.conninfo, options.password);
  if (!connection) return no_database(connection.error());
  if (auto migrated = migrate_schema(*connection); !migrated) return no_database(migrated.error());
  return {};
}

Result<void> PostgresStore::distribute(const PostgresOptions& options) {
  Answer<Connection> connection = Connection::open(options.conninfo, options.password);
  if (!connection) return no_database(connection.error());
  if (auto migrated = migrate_schema(*connection); !migrated) return no_database(migrated.error());
  if (auto done = distribute_tables(*connection); !done) return no_database(done.error());
  return {};
}

PostgresStore::PostgresStore(const PostgresOptions& options, Metrics& metrics, Connection filling,
                             std::int64_t domain_id, bool initialised)
    : metrics_(metrics),
      pool_(options.conninfo, options.password, options.connections_max),
      aside_(options.conninfo, options.password, kConnectionsAside),
      domain_id_(domain_id),
      initialised_(initialised),
      ids_(aside_, domain_id),
      numbers_(aside_, domain_id) {
  if (!initialised) filling_.emplace(std::move(filling));
  maintenance_ = std::thread([this] { maintain(); });
}

PostgresStore::~PostgresStore() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  ending_.notify_all();
  maintenance_.join();
}

Result<void> PostgresStore::mark_initialised() {
  const auto lease = pool_.take();
  if (!lease) return no_database(lease.error());
  const auto done = (*lease)->ask("UPDATE domain SET initialised = true WHERE domain_id = $1",
                                  Parameters().integer(domain_id_));
  if (!done) return no_database(done.error());
  initialised_ = true;
  const std::lock_guard lock(mutex_);
  if (filling_) release_filling(*filling_);
  filling_.reset();
  return {};
}

// Running closures -----------------------------------------------------------------------------

// Nobody waits for a database that is away: maintain() looks for it, the others are told.
Answer<ConnectionPool::Lease> PostgresStore::connect() {
  if (!available_) return std::unexpected(DatabaseError{"", "the database is away"});
  Answer<ConnectionPool::Lease> lease = pool_.take();
  if (!lease && lease.error().is_lost() && available_.exchange(false)) {
    log::error("database lost", {{"reason", lease.error().message}});
  }
  return lease;
}

PostgresStore::Run PostgresStore::refused(DatabaseError error) {
  if (error.is_server_gone()) pool_.forget_idle();  // they led to the same server
  return {no_answer(), std::move(error)};
}

template <typename Once>
Result<void> PostgresStore::repeat(const Once& once) {
  bool alone = false;
  for (int run = 1;; ++run) {
    Run done = once(alone);
    if (done.result || !done.failure) return done.result;
    if (!done.unknown_token.empty()) {
      const Result<bool> committed = settle(done.unknown_token);
      if (!committed) return std::unexpected(committed.error());
      if (*committed) return {};
    }
    if (done.failure->is_taken_key()) {
      return fail(ErrorType::kRaceCondition, "Something else was written at the same moment.");
    }
    if (done.failure->is_conflict() && run == kRuns) {
      return fail(ErrorType::kRaceCondition, "The same records are being changed by others.");
    }
    if (!done.failure->is_passing() || run == kRuns) {
      log::error("database error",
                 {{"sqlstate", done.failure->sqlstate}, {"reason", done.failure->message}});
      return done.result;
    }
    alone = done.failure->is_conflict();
    pause_before(run);
  }
}

PostgresStore::Run PostgresStore::try_read(
    const std::function<Result<void>(directory::Reader&)>& work) {
  const auto lease = connect();
  if (!lease) return {no_answer()};
  Queries queries(**lease, domain_id_, domains_);
  if (auto begun = queries.begin(Queries::kSnapshot); !begun) return refused(begun.error());
  PostgresReader reader(queries);
  Result<void> done = work(reader);
  (*lease)->leave(queries.failure() ? "ROLLBACK" : "COMMIT");
  if (queries.failure()) return refused(*queries.failure());
  // It will be given again: not before the standby has it either, see was_committed().
  if (queries.has_found_answer()) {
    if (auto known = wait_for_standby(**lease); !known) return refused(known.error());
  }
  return {std::move(done)};
}

Result<void> PostgresStore::read(const std::function<Result<void>(directory::Reader&)>& work) {
  return repeat([&](bool /*alone*/) { return try_read(work); });
}

PostgresStore::Run PostgresStore::try_write(
    const directory::Actor& actor, const std::function<Result<void>(directory::Transaction&)>& work,
    bool alone) {
  const auto lease = connect();
  if (!lease) return {no_answer()};
  Connection& connection = **lease;
  Queries queries(connection, domain_id_, domains_);
  if (auto begun = queries.begin(Queries::kReadWrite, alone); !begun) return refused(begun.error());
  PostgresTransaction transaction(queries, ids_, numbers_, actor);
  const auto roll_back = [&](Run run) {
    connection.send("ROLLBACK");
    // A lost connection has rolled back.
    [[maybe_unused]] const Answer<void> rolled_back = connection.finish();
    return run;
  };
  Result<void> done = work(transaction);
  if (transaction.broken()) return roll_back({std::unexpected(*transaction.broken())});
  if (queries.failure()) {
    return roll_back(refused(*queries.failure()));
  }
  if (!done) return roll_back({std::move(done)});

  const std::string token = make_token();
  const Clock::time_point start = Clock::now();
  const Answer<void> committed = transaction.commit(token);
  metrics_.flush_seconds.Observe(seconds_since(start));
  if (!committed) {
    Run run = refused(committed.error());
    if (committed.error().is_lost() && transaction.may_be_committed()) run.unknown_token = token;
    return roll_back(std::move(run));
  }
  if (transaction.has_new_domain()) domains_.offer({queries.revision(), queries.domain()});
  return {};
}

Result<void> PostgresStore::write(
    const directory::Actor& actor,
    const std::function<Result<void>(directory::Transaction&)>& work) {
  const Clock::time_point start = Clock::now();
  Result<void> done = repeat([&](bool alone) { return try_write(actor, work, alone); });
  metrics_.commit_seconds.Observe(seconds_since(start));
  return done;
}

// Lost commits ---------------------------------------------------------------------------------

// Writing the token ourselves waits for a transaction that has written it and still runs, and
// forbids it to one that has not. A token that is there is written again: this commit waits for the
// synchronous standby, and so for the lost one, which a cut connection stopped waiting for it.
Answer<bool> PostgresStore::was_committed(const std::string& token) {
  const auto lease = pool_.take();
  if (!lease) return std::unexpected(lease.error());
  const Parameters parameters = Parameters().integer(domain_id_).text(token);
  (*lease)->send(
      "INSERT INTO commit_token (domain_id, token, refused) VALUES ($1, $2, true) "
      "ON CONFLICT (domain_id, token) DO UPDATE SET at = commit_token.at",
      parameters);
  const auto rows = (*lease)->ask(
      "SELECT refused FROM commit_token WHERE domain_id = $1 AND token = $2", parameters);
  if (!rows) return std::unexpected(rows.error());
  return !rows->empty() && !rows->flag(0, 0);
}

// By a commit of its own: when it is answered, the standby has all that was visible before.
Answer<void> PostgresStore::wait_for_standby(Connection& connection) const {
  const auto written =
      connection.ask("INSERT INTO commit_token (domain_id, token, refused) VALUES ($1, $2, false)",
                     Parameters().integer(domain_id_).text(make_token()));
  if (!written) return std::unexpected(written.error());
  return {};
}

Result<bool> PostgresStore::settle(const std::string& token) {
  for (int look = 0; look < kLooks; ++look) {
    const Answer<bool> committed = was_committed(token);
    if (committed) return *committed;
    std::this_thread::sleep_for(kLookPause);
  }
  log::error("the outcome of a commit stayed unknown", {{"token", token}});
  return fail(ErrorType::kUnexpectedError,
              "The database was lost while it committed: whether it did is not known.");
}

// Shared counters ------------------------------------------------------------------------------

// The servers' clocks may differ a little: a window that has begun for one of them has begun.
std::optional<std::int64_t> PostgresStore::count_shared(const directory::SharedCount& count) {
  if (!available_) return std::nullopt;
  const auto lease = aside_.take();
  if (!lease) return std::nullopt;
  const std::int64_t now = milliseconds_since_1970();
  const std::int64_t window = count.window.count();
  (*lease)->send_lazily();
  const auto rows = (*lease)->ask(
      "INSERT INTO shared_count (domain_id, key, ends, value) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (domain_id, key) DO UPDATE SET ends = greatest(shared_count.ends, $3), value = "
      "$4 + CASE WHEN shared_count.ends < $3 THEN 0 ELSE shared_count.value END RETURNING value",
      Parameters()
          .integer(domain_id_)
          .text(count.key)
          .integer((now / window + 1) * window)
          .integer(count.by));
  if (!rows || rows->empty()) return std::nullopt;
  return rows->integer(0, 0);
}

// Chores ---------------------------------------------------------------------------------------

void PostgresStore::maintain() {
  int round = 0;
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, kChorePause, [this] { return is_ending_; })) {
    lock.unlock();
    if (!available_ || round++ % kTidyingEvery == 0) {
      const Answer<void> done = do_chores();
      if (done && !available_.exchange(true)) log::info("database is back");
    }
    lock.lock();
  }
}

// Gauges are those of the whole domain. Also finds out whether the database is back.
Answer<void> PostgresStore::do_chores() {
  const auto lease = aside_.take();
  if (!lease) return std::unexpected(lease.error());
  (*lease)->send("DELETE FROM commit_token WHERE domain_id = $1 AND at < now() - interval '1 hour'",
                 Parameters().integer(domain_id_));
  (*lease)->send("DELETE FROM shared_count WHERE domain_id = $1 AND ends < $2",
                 Parameters().integer(domain_id_).integer(milliseconds_since_1970()));
  const auto counts = (*lease)->ask(
      "SELECT (SELECT count(*) FROM users WHERE domain_id = $1), "
      "(SELECT count(*) FROM session WHERE domain_id = $1)",
      Parameters().integer(domain_id_));
  if (!counts) return std::unexpected(counts.error());
  metrics_.users.Set(static_cast<double>(counts->integer(0, 0)));
  metrics_.sessions.Set(static_cast<double>(counts->integer(0, 1)));
  return {};
}

}  // namespace muster::store
