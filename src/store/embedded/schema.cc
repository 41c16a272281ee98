#include "store/embedded/schema.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "directory/user_fields.h"
#include "store/embedded/checksum.h"
#include "store/embedded/steps.h"
#include "store/embedded/user_row.h"

namespace muster::store {
namespace {

using directory::FieldId;

constexpr std::int64_t kApplicationId = 0x4D757374;  // "Must"

constexpr std::string_view kTables = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL, checksum INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE journal(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, domain_rows INTEGER NOT NULL,
  domain_first INTEGER NOT NULL, checksum INTEGER NOT NULL, record TEXT NOT NULL, secret TEXT,
  chain TEXT NOT NULL);
CREATE INDEX journal_time ON journal(at, seq, domain_rows) WHERE domain_rows > 0;
CREATE TABLE login(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, user_id INTEGER NOT NULL,
  user_name TEXT NOT NULL, full_name TEXT NOT NULL, source_ip TEXT NOT NULL, type TEXT NOT NULL,
  status TEXT NOT NULL, browser TEXT NOT NULL, platform TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE INDEX login_time ON login(at, id);
CREATE TABLE batch(id TEXT PRIMARY KEY, seq INTEGER NOT NULL, user_id INTEGER NOT NULL,
  vault_id INTEGER NOT NULL, operation TEXT NOT NULL, started INTEGER NOT NULL,
  finished INTEGER NOT NULL, records INTEGER NOT NULL, succeeded INTEGER NOT NULL,
  failed INTEGER NOT NULL, unchanged INTEGER NOT NULL, client_id TEXT NOT NULL,
  reference_id TEXT NOT NULL, undone_by TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE kept_answer(key TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL,
  answer TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX kept_answer_time ON kept_answer(at);
CREATE TABLE user_snapshot(id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, user TEXT NOT NULL);
CREATE TABLE session_snapshot(id_hash TEXT PRIMARY KEY, session TEXT NOT NULL,
  checksum INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE credential_snapshot(id INTEGER PRIMARY KEY, credential TEXT NOT NULL,
  checksum INTEGER NOT NULL);
)sql";

// Memberships are stored as "vault:active:profile:license;...", which is one replace() away from
// the JSON that SQLite can take apart.
std::string membership_view() {
  const auto part = [](int index, FieldId field) {
    return ", m.value ->> " + std::to_string(index) + " AS " +
           std::string(directory::field(field).name);
  };
  return "CREATE VIEW vault_memberships AS SELECT u.id AS user_id, "
         "CAST(m.value ->> 0 AS INTEGER) AS vault_id" +
         part(1, FieldId::kActive) + part(2, FieldId::kSecurityProfile) +
         part(3, FieldId::kLicenseType) + " FROM (SELECT id, " +
         field_sql(FieldId::kVaultMembership) +
         " AS text FROM user_snapshot) AS u, json_each('[[\"' || replace(replace(u.text, ';', "
         "'\"],[\"'), ':', '\",\"') || '\"]]') AS m WHERE u.text IS NOT NULL;\n";
}

constexpr std::string_view kAuditView = R"sql(
CREATE VIEW audit AS SELECT j.seq AS seq,
  strftime('%Y-%m-%dT%H:%M:%S', j.at / 1000, 'unixepoch') || printf('.%03dZ', j.at % 1000) AS at,
  j.record ->> '$.by[1]' AS user_name, j.record ->> '$.by[3]' AS on_behalf_of,
  j.record ->> '$.action' AS action, j.record ->> '$.execution' AS execution_id,
  u.value ->> 0 AS item_id, u.value ->> 1 AS item,
  j.record -> '$.fields' ->> (c.value ->> 0) AS field, c.value ->> 1 AS old_value,
  c.value ->> 2 AS new_value
FROM journal AS j, json_each(j.record, '$.users') AS u, json_each(u.value) AS c
WHERE j.domain_rows > 0 AND c.key >= 3
UNION ALL SELECT j.seq,
  strftime('%Y-%m-%dT%H:%M:%S', j.at / 1000, 'unixepoch') || printf('.%03dZ', j.at % 1000),
  j.record ->> '$.by[1]', j.record ->> '$.by[3]', j.record ->> '$.action',
  j.record ->> '$.execution', u.value ->> 0, u.value ->> 1, c.value ->> 0, c.value ->> 1,
  c.value ->> 2
FROM journal AS j, json_each(j.record, '$.rows') AS u, json_each(u.value) AS c
WHERE j.domain_rows > 0 AND c.key >= 3;
)sql";

Result<void> create_tables(Database& database) {
  Result<DatabaseTransaction> transaction = DatabaseTransaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  const std::string sql = std::string(kTables) + "CREATE VIEW users AS SELECT id, " +
                          user_columns_sql() + " FROM user_snapshot;" + membership_view() +
                          std::string(kAuditView) +
                          "PRAGMA application_id = " + std::to_string(kApplicationId) +
                          "; PRAGMA user_version = " + std::to_string(kSchemaVersion) + ";";
  if (auto done = database.execute(sql); !done) return done;
  for (const auto& [key, value] :
       {std::pair(kMetaInitialised, "0"), std::pair(kMetaSnapshot, "[0,0,0]"),
        std::pair(kMetaDomain, "")}) {
    if (auto done = write_meta(database, key, value); !done) return done;
  }
  return transaction->commit();
}

std::unexpected<Error> foreign(Database& database, const std::string& why) {
  return fail(ErrorType::kUnexpectedError,
              std::string(sqlite3_db_filename(database.handle(), "main")) + " " + why);
}

// SQLite answers with the mode that is now in force instead of an error.
Result<void> write_ahead(Database& database) {
  auto mode = database.prepare("PRAGMA journal_mode = WAL");
  if (!mode) return std::unexpected(mode.error());
  const Result<bool> row = mode->step();
  if (!row) return std::unexpected(row.error());
  if (*row && mode->text(0) == "wal") {
    mode->reset();
    return {};
  }
  return foreign(database,
                 "cannot have a write-ahead log: its file system lacks shared memory between "
                 "processes (network file systems do).");
}

// SQLite's documented way to empty a file whatever is in it.
Result<void> empty_file(Database& database) {
  sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_RESET_DATABASE, 1, nullptr);
  Result<void> done = database.execute("VACUUM");
  sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_RESET_DATABASE, 0, nullptr);
  return done;
}

}  // namespace

Result<void> configure(Database& database, Durability durability) {
  sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // EXTRA, not FULL: making a new file's WAL mode goes through a rollback journal, and FULL does
  // not sync the directory after deleting that. A power cut could bring it back, and with it the
  // empty file. First, so that it holds for the change of the journal mode.
  const std::string synchronous = durability == Durability::kEveryCommit ? "EXTRA" : "NORMAL";
  checkpoint_on_close(database, false);
  return in_order(
      [&] {
        return database.execute("PRAGMA synchronous = " + synchronous +
                                "; PRAGMA page_size = " + std::to_string(kPageBytes));
      },
      [&] { return write_ahead(database); },
      [&] {
        return database.execute(
            "PRAGMA wal_autocheckpoint = 0; PRAGMA cell_size_check = ON;"
            "PRAGMA temp_store = MEMORY;");
      });
}

void checkpoint_on_close(Database& database, bool wanted) {
  sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, wanted ? 0 : 1, nullptr);
}

Result<void> secure_log(Database& database) {
  if (sqlite3_wal_checkpoint_v2(database.handle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                nullptr) == SQLITE_OK) {
    return {};
  }
  return fail(ErrorType::kUnexpectedError,
              std::string(sqlite3_db_filename(database.handle(), "main")) +
                  ": cannot carry over the write-ahead log: " + sqlite3_errmsg(database.handle()));
}

Result<void> prepare_schema(Database& database) {
  // The first look at the file: what is no SQLite file shows here.
  const auto objects = database.query_integer("SELECT count(*) FROM sqlite_master");
  if (!objects) {
    return database.last_code() == SQLITE_NOTADB ? foreign(database, "is not a Muster data file.")
                                                 : Result<void>(std::unexpected(objects.error()));
  }
  const auto application = database.query_integer("PRAGMA application_id");
  const auto version = database.query_integer("PRAGMA user_version");
  if (!application) return std::unexpected(application.error());
  if (!version) return std::unexpected(version.error());
  if (*application == kApplicationId && *version != kSchemaVersion) {
    return foreign(database, std::string("was written by ") +
                                 (*version > kSchemaVersion ? "a newer" : "an older") +
                                 " Muster (schema " + std::to_string(*version) +
                                 ", this program reads " + std::to_string(kSchemaVersion) + ").");
  }
  if (*application == kApplicationId) {
    const Result<std::string> initialised = read_meta(database, kMetaInitialised);
    if (!initialised) return std::unexpected(initialised.error());
    if (*initialised == "1") return {};
    const Result<std::string> mark = read_copy_mark(database);
    if (!mark) return std::unexpected(mark.error());
    if (!mark->empty()) {
      return foreign(database, "holds an interrupted copy: muster store copy completes it.");
    }
    if (auto done = empty_file(database); !done) return done;
  } else if (*objects > 0) {
    return foreign(database, "is not a Muster data file.");
  }
  return in_order([&] { return configure(database, Durability::kEveryCommit); },
                  [&] { return create_tables(database); });
}

Result<std::string> read_meta(Database& database, std::string_view key) {
  auto select = database.prepare("SELECT value, checksum FROM meta WHERE key = ?1");
  if (!select) return std::unexpected(select.error());
  select->bind(1, key);
  const Result<bool> row = select->step();
  if (!row) return std::unexpected(row.error());
  if (!*row || checksum(select->text(0), checksum(key)) != select->integer(1)) {
    return fail(ErrorType::kUnexpectedError,
                "The data file is damaged: meta row " + std::string(key) + ".");
  }
  return std::string(select->text(0));
}

Result<std::string> read_copy_mark(Database& database) {
  const std::string ours = "SELECT count(*) FROM pragma_application_id WHERE application_id = " +
                           std::to_string(kApplicationId);
  for (const std::string& sql :
       {std::string("SELECT count(*) FROM sqlite_master WHERE name = 'meta'"), ours,
        std::string("SELECT count(*) FROM meta WHERE key = 'copy'")}) {
    const auto found = database.query_integer(sql);
    if (!found) return std::unexpected(found.error());
    if (*found == 0) return "";
  }
  return read_meta(database, kMetaCopy);
}

Result<void> write_meta(Database& database, std::string_view key, std::string_view value) {
  auto replace = database.prepare("INSERT OR REPLACE INTO meta VALUES (?1, ?2, ?3)");
  if (!replace) return std::unexpected(replace.error());
  replace->bind(1, key);
  replace->bind(2, value);
  replace->bind(3, checksum(value, checksum(key)));
  return replace->run();
}

}  // namespace muster::store
