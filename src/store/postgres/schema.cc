#include "store/postgres/schema.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>

namespace muster::store {
namespace {

// Times are milliseconds since 1970, texts within `data`, `settings` and `changes` JSON. Text keys
// are ordered by their bytes, whatever the database's language.
constexpr std::array kVersion1{
    R"(CREATE TABLE domain (
         domain_id int PRIMARY KEY,
         settings text NOT NULL,           -- as embedded/row_text.h writes it; '': none yet
         revision bigint NOT NULL,         -- of the settings
         initialised boolean NOT NULL))",
    // The newest number given: user id, number in the trails. 'admins' counts nothing: its lock
    // guards the number of active domain admins.
    R"(CREATE TABLE counter (
         domain_id int, name text, value bigint NOT NULL,
         PRIMARY KEY (domain_id, name)))",
    R"(CREATE TABLE users (
         domain_id int, id int,
         folded_name text COLLATE "C",
         federated_id text COLLATE "C",
         is_active_admin boolean NOT NULL,
         data text NOT NULL,               -- as embedded/user_row.h writes it
         PRIMARY KEY (domain_id, id),
         UNIQUE (domain_id, folded_name),
         UNIQUE (domain_id, federated_id)))",
    "CREATE INDEX users_admins ON users (domain_id) WHERE is_active_admin",
    R"(CREATE TABLE membership (
         domain_id int, vault_id int, user_id int,
         PRIMARY KEY (domain_id, vault_id, user_id)))",
    R"(CREATE TABLE session (
         domain_id int, id_hash text COLLATE "C",
         user_id int NOT NULL, vault_id int NOT NULL, delegate_user_id int NOT NULL,
         created bigint NOT NULL, last_activity bigint NOT NULL,
         PRIMARY KEY (domain_id, id_hash)))",
    "CREATE INDEX session_owner ON session (domain_id, user_id)",
    "CREATE INDEX session_delegate ON session (domain_id, delegate_user_id) "
    "WHERE delegate_user_id <> 0",
    R"(CREATE TABLE credential (
         domain_id int, user_id int,
         data text NOT NULL,               -- as embedded/row_text.h writes it
         PRIMARY KEY (domain_id, user_id)))",
    R"(CREATE TABLE audit (
         domain_id int, id bigint, at bigint NOT NULL,
         user_name text NOT NULL, full_name text NOT NULL, on_behalf_of text NOT NULL,
         action text NOT NULL, execution_id text NOT NULL,
         item text NOT NULL, item_id int NOT NULL, is_new boolean NOT NULL,
         changes text NOT NULL,            -- [["field","old","new"],...]
         PRIMARY KEY (domain_id, id)))",
    "CREATE INDEX audit_at ON audit (domain_id, at)",
    "CREATE INDEX audit_item ON audit (domain_id, item_id, at)",
    "CREATE INDEX audit_batch ON audit (domain_id, execution_id) WHERE execution_id <> ''",
    R"(CREATE TABLE login (
         domain_id int, id bigint, at bigint NOT NULL,
         user_id int NOT NULL, user_name text NOT NULL, full_name text NOT NULL,
         source_ip text NOT NULL, type text NOT NULL, status text NOT NULL,
         browser text NOT NULL, platform text NOT NULL,
         PRIMARY KEY (domain_id, id)))",
    "CREATE INDEX login_at ON login (domain_id, at)",
    R"(CREATE TABLE batch (
         domain_id int, id text COLLATE "C", place bigint NOT NULL,
         user_id int NOT NULL, vault_id int NOT NULL, operation text NOT NULL,
         started bigint NOT NULL, finished bigint NOT NULL,
         records bigint NOT NULL, succeeded bigint NOT NULL, failed bigint NOT NULL,
         unchanged bigint NOT NULL,
         client_id text NOT NULL, reference_id text NOT NULL, undone_by text NOT NULL,
         PRIMARY KEY (domain_id, id)))",
    "CREATE INDEX batch_place ON batch (domain_id, place)",
    R"(CREATE TABLE kept_answer (
         domain_id int, key text COLLATE "C", body text NOT NULL, at bigint NOT NULL,
         answer bytea NOT NULL,
         PRIMARY KEY (domain_id, key)))",
    "CREATE INDEX kept_answer_at ON kept_answer (domain_id, at)",
    // One row a transaction: how a connection that was lost with a COMMIT under way is judged.
    // Refused: it was not committed, and now it cannot be.
    R"(CREATE TABLE commit_token (
         domain_id int, token text COLLATE "C", at timestamptz NOT NULL DEFAULT now(),
         refused boolean NOT NULL,
         PRIMARY KEY (domain_id, token)))",
    "CREATE INDEX commit_token_at ON commit_token (domain_id, at)",
    "INSERT INTO muster_schema VALUES (1)",
};

// Audit rows, login rows and batches had a counter each.
constexpr std::array kVersion2{
    "INSERT INTO counter SELECT domain_id, 'trail', max(value) FROM counter "
    "WHERE name IN ('audit', 'login', 'batch') GROUP BY domain_id",
    "DELETE FROM counter WHERE name IN ('audit', 'login', 'batch')",
    // What is limited within a window of time; in milliseconds, as all times.
    R"(CREATE TABLE shared_count (
         domain_id int, key text COLLATE "C", ends bigint NOT NULL, value bigint NOT NULL,
         PRIMARY KEY (domain_id, key)))",
    // Room for the new text of a user beside the old one: no index is touched then.
    "ALTER TABLE users SET (fillfactor = 80)",
    // For what version 1 read all sessions or batches of the domain: idle ones, those of a vault.
    "CREATE INDEX session_idle ON session (domain_id, last_activity, id_hash)",
    "CREATE INDEX session_created ON session (domain_id, created)",
    "CREATE INDEX batch_vault ON batch (domain_id, vault_id, place)",
    "INSERT INTO muster_schema VALUES (2)",
};

// Each from the version before it.
constexpr std::array<std::span<const char* const>, kSchemaVersion> kSteps{kVersion1, kVersion2};

Answer<void> migrate(Connection& connection) {
  connection.send("SELECT pg_advisory_xact_lock(hashtext('muster_schema'))");
  // Asked first: who serves need not have the right to make tables.
  const auto known = connection.ask("SELECT to_regclass('muster_schema') IS NOT NULL");
  if (!known) return std::unexpected(known.error());
  if (!known->flag(0, 0)) connection.send("CREATE TABLE muster_schema (version int PRIMARY KEY)");
  const auto version = connection.ask("SELECT coalesce(max(version), 0) FROM muster_schema");
  if (!version) return std::unexpected(version.error());
  if (version->integer(0, 0) > kSchemaVersion) {
    return std::unexpected(DatabaseError{
        std::string(kNewerSchema), "The database was made by a newer version of this program."});
  }
  const auto known_steps = static_cast<std::size_t>(version->integer(0, 0));
  for (const auto& step : std::span(kSteps).subspan(known_steps)) {
    for (const char* const statement : step) connection.send(statement);
  }
  return connection.finish();
}

}  // namespace

Answer<void> migrate_schema(Connection& connection) {
  connection.send("BEGIN");
  Answer<void> migrated = migrate(connection);
  connection.send(migrated ? "COMMIT" : "ROLLBACK");
  const Answer<void> ended = connection.finish();
  return migrated ? ended : migrated;
}

}  // namespace muster::store
