#include "store/postgres/opening.h"

#include <string>
#include <thread>

#include "store/postgres/tables.h"

namespace muster::store {
namespace {

constexpr std::chrono::milliseconds kLookAround{200};

Answer<void> lock_filling(Connection& connection, std::chrono::seconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    const auto locked = connection.ask("SELECT pg_try_advisory_lock(hashtext('muster_filling'))");
    if (!locked) return std::unexpected(locked.error());
    if (locked->flag(0, 0)) return {};
    if (std::chrono::steady_clock::now() > deadline) {
      return std::unexpected(
          DatabaseError{"55P03", "Another process is filling the database and does not end."});
    }
    std::this_thread::sleep_for(kLookAround);
  }
}

// The number of the domain, 0 when there is none yet.
Answer<std::int64_t> find_domain(Connection& connection, std::int64_t wanted) {
  const auto rows = connection.ask(
      "SELECT domain_id FROM domain WHERE $1 = 0 OR domain_id = $1 ORDER BY domain_id LIMIT 2",
      Parameters().integer(wanted));
  if (!rows) return std::unexpected(rows.error());
  if (rows->count() == 1) return rows->integer(0, 0);
  if (rows->empty() && wanted == 0) return 0;
  return std::unexpected(DatabaseError{
      std::string(kWrongDomain), rows->empty() ? "The database has no such domain."
                                               : "The database has several domains: name one."});
}

// In pieces: no statement may take long.
Answer<void> clear(Connection& connection, const std::string& table, std::int64_t id) {
  constexpr std::int64_t kPiece = 20'000;
  std::string sql = "DELETE FROM ";
  sql += table;
  // The domain twice: a distributed database finds the node by it.
  sql += " WHERE domain_id = $1 AND ctid = ANY (ARRAY(SELECT ctid FROM ";
  sql += table;
  sql += " WHERE domain_id = $1 LIMIT $2))";
  while (true) {
    const auto gone = connection.ask(sql, Parameters().integer(id).integer(kPiece));
    if (!gone) return std::unexpected(gone.error());
    if (gone->affected() < kPiece) return {};
  }
}

Answer<void> make_domain(Connection& connection, std::int64_t id) {
  const Parameters parameters = Parameters().integer(id);
  for (const char* const table : kDomainTables) {
    if (auto done = clear(connection, table, id); !done) return done;
  }
  connection.send("INSERT INTO domain VALUES ($1, '', 0, false)", parameters);
  connection.send(
      "INSERT INTO counter SELECT $1::int, name, 0 FROM unnest(ARRAY['user', 'audit', 'login', "
      "'batch', 'admins']) AS name",
      parameters);
  return connection.finish();
}

}  // namespace

Answer<Opening> take_domain(Connection& connection, std::int64_t wanted,
                            std::chrono::seconds timeout) {
  if (auto locked = lock_filling(connection, timeout); !locked) {
    return std::unexpected(locked.error());
  }
  Answer<std::int64_t> id = find_domain(connection, wanted);
  if (!id) return std::unexpected(id.error());
  if (*id != 0) {
    const auto state = connection.ask("SELECT initialised FROM domain WHERE domain_id = $1",
                                      Parameters().integer(*id));
    if (!state) return std::unexpected(state.error());
    if (state->flag(0, 0)) {
      release_filling(connection);
      return Opening{.domain_id = *id, .initialised = true};
    }
  }
  const std::int64_t made = *id == 0 ? 1 : *id;
  if (auto done = make_domain(connection, made); !done) return std::unexpected(done.error());
  return Opening{.domain_id = made, .initialised = false};
}

void release_filling(Connection& connection) {
  // Without an answer the connection is gone, and the lock with it.
  [[maybe_unused]] const auto unlocked =
      connection.ask("SELECT pg_advisory_unlock(hashtext('muster_filling'))");
}

}  // namespace muster::store
