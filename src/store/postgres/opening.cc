#include "store/postgres/opening.h"

#include <string>
#include <thread>
#include <utility>

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

std::unexpected<DatabaseError> wrong_domain(std::string message) {
  return std::unexpected(DatabaseError{std::string(kWrongDomain), std::move(message)});
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
      "INSERT INTO counter SELECT $1::int, name, 0 FROM unnest(ARRAY['user', 'trail', "
      "'admins']) AS name",
      parameters);
  return connection.finish();
}

// What is taken already: by a directory, or by a copy that is not complete.
constexpr const char* kIsTaken = "(initialised OR settings LIKE 'copy of %')";

}  // namespace

// Of several the one that is initialised counts: the others are being filled, or their filling was
// interrupted.
Answer<Opening> find_domain(Connection& connection, std::int64_t wanted) {
  const auto rows = connection.ask(
      "SELECT domain_id, initialised, CASE WHEN settings LIKE 'copy of %' THEN "
      "split_part(settings, E'\\n', 1) ELSE '' END FROM domain WHERE $1 = 0 OR domain_id = $1 "
      "ORDER BY initialised DESC, domain_id LIMIT 2",
      Parameters().integer(wanted));
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty() && wanted == 0) return Opening{};
  if (rows->empty()) return wrong_domain("The database has no such domain.");
  if (rows->count() == 2 && rows->flag(0, 1) == rows->flag(1, 1)) {
    return wrong_domain("The database has several domains: name one.");
  }
  return Opening{.domain_id = rows->integer(0, 0),
                 .initialised = rows->flag(0, 1),
                 .copy_mark = std::string(rows->text(0, 2))};
}

Answer<Opening> take_domain(Connection& connection, std::int64_t wanted,
                            std::chrono::seconds timeout) {
  // Who takes a domain that is there does not wait for another one that is being filled.
  Answer<Opening> found = find_domain(connection, wanted);
  if (!found || found->initialised) return found;
  if (auto locked = lock_filling(connection, timeout); !locked) {
    return std::unexpected(locked.error());
  }
  found = find_domain(connection, wanted);
  if (!found) return found;
  if (found->initialised) {
    release_filling(connection);
    return found;
  }
  if (!found->copy_mark.empty()) {
    return wrong_domain("The database holds an interrupted copy: muster store copy completes it.");
  }
  const std::int64_t made = found->domain_id == 0 ? 1 : found->domain_id;
  if (auto done = make_domain(connection, made); !done) return std::unexpected(done.error());
  return Opening{.domain_id = made, .initialised = false};
}

Answer<Opening> take_new_domain(Connection& connection, std::int64_t wanted,
                                std::chrono::seconds timeout) {
  if (auto locked = lock_filling(connection, timeout); !locked) {
    return std::unexpected(locked.error());
  }
  const auto used = connection.ask(
      std::string("SELECT coalesce(max(domain_id), 0), coalesce(bool_or(domain_id = $1), false) "
                  "FROM domain WHERE ") +
          kIsTaken,
      Parameters().integer(wanted));
  if (!used) return std::unexpected(used.error());
  if (used->flag(0, 1)) {
    return wrong_domain("The database has a domain " + std::to_string(wanted) + " already.");
  }
  const std::int64_t made = wanted == 0 ? used->integer(0, 0) + 1 : wanted;
  if (auto done = make_domain(connection, made); !done) return std::unexpected(done.error());
  return Opening{.domain_id = made, .initialised = false};
}

Answer<Opening> take_domain_to_copy(Connection& connection, std::int64_t wanted,
                                    std::chrono::seconds timeout) {
  if (auto locked = lock_filling(connection, timeout); !locked) {
    return std::unexpected(locked.error());
  }
  const auto taken = connection.ask(
      std::string("SELECT domain_id, initialised, split_part(settings, E'\\n', 1) FROM domain "
                  "WHERE ($1 = 0 OR domain_id = $1) AND ") +
          kIsTaken + " ORDER BY initialised DESC, domain_id LIMIT 1",
      Parameters().integer(wanted));
  if (!taken) return std::unexpected(taken.error());
  if (!taken->empty() && taken->flag(0, 1)) {
    return wrong_domain(
        wanted == 0 ? "The target database has a domain already: a further one needs "
                      "a number of its own."
                    : "The target database has a domain " + std::to_string(wanted) + " already.");
  }
  if (!taken->empty()) {
    return Opening{.domain_id = taken->integer(0, 0),
                   .initialised = false,
                   .copy_mark = std::string(taken->text(0, 2))};
  }
  const std::int64_t made = wanted == 0 ? 1 : wanted;
  if (auto done = make_domain(connection, made); !done) return std::unexpected(done.error());
  return Opening{.domain_id = made, .initialised = false};
}

void release_filling(Connection& connection) {
  // Without an answer the connection is gone, and the lock with it.
  [[maybe_unused]] const auto unlocked =
      connection.ask("SELECT pg_advisory_unlock(hashtext('muster_filling'))");
}

}  // namespace muster::store
