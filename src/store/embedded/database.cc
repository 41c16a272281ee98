#include "store/embedded/database.h"

#include <utility>

#include "base/log.h"

namespace muster::store {
namespace {

// Another connection of this process holds the file for moments only; somebody's shell may hold it
// for longer.
constexpr int kBusyTimeoutMs = 10'000;

std::unexpected<Error> failure(sqlite3* connection) {
  std::string message = "SQLite: ";
  message += connection == nullptr ? "out of memory" : sqlite3_errmsg(connection);
  const char* path = connection == nullptr ? nullptr : sqlite3_db_filename(connection, "main");
  if (path != nullptr) message += " (" + std::string(path) + ")";
  return fail(ErrorType::kUnexpectedError, std::move(message));
}

}  // namespace

void Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index, value);
}

void Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL.
  const char* data = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(statement_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind_null(int index) { sqlite3_bind_null(statement_.get(), index); }

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  auto error = failure(sqlite3_db_handle(statement_.get()));
  reset();
  return error;
}

Result<void> Statement::run() {
  const Result<bool> row = step();
  if (!row) return std::unexpected(row.error());
  if (*row) reset();
  return {};
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) {
  const auto* bytes = sqlite3_column_text(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

int Statement::column_count() { return sqlite3_column_count(statement_.get()); }

Result<Database> Database::open(const std::string& path, const std::string& vfs) {
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &connection,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                   vfs.empty() ? nullptr : vfs.c_str());
  Database database(connection);
  if (code != SQLITE_OK) return failure(connection);
  sqlite3_extended_result_codes(connection, 1);
  sqlite3_busy_timeout(connection, kBusyTimeoutMs);
  return database;
}

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return failure(handle());
  }
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return failure(handle());
  return Statement(statement);
}

Result<std::int64_t> Database::query_integer(std::string_view sql) {
  Result<Statement> statement = prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  const Result<bool> row = statement->step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return fail(ErrorType::kUnexpectedError, "No row: " + std::string(sql));
  return statement->integer(0);
}

Result<DatabaseTransaction> DatabaseTransaction::begin(Database& database) {
  while (true) {
    const auto begun = database.execute("BEGIN IMMEDIATE");
    if (begun) return DatabaseTransaction(database);
    if ((database.last_code() & 0xFF) != SQLITE_BUSY) return std::unexpected(begun.error());
    // Nothing was written, so waiting costs time only, while failing would end the service.
    log::warning("another process holds the data file; commits are waiting");
  }
}

DatabaseTransaction::DatabaseTransaction(DatabaseTransaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

DatabaseTransaction::~DatabaseTransaction() {
  if (database_ == nullptr || sqlite3_get_autocommit(database_->handle()) != 0) return;
  // What could not be rolled back now is rolled back when the file is opened again.
  sqlite3_exec(database_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> DatabaseTransaction::commit() {
  Result<void> done = database_->execute("COMMIT");
  if (done) database_ = nullptr;
  return done;
}

}  // namespace muster::store
