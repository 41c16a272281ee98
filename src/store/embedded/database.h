// SQLite with values instead of codes: a connection, its statements, and errors as Result.
//
//   auto database = Database::open(path, options);
//   auto insert = database->prepare("INSERT INTO meta VALUES (?1, ?2)");
//   insert->bind(1, "key"); insert->bind(2, 7);
//   if (Result<bool> row = insert->step(); !row) return std::unexpected(row.error());
//
// One thread at a time per connection. Every failure is kUnexpectedError with SQLite's own words
// and the file's name; the code stays readable with last_code().
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace muster::store {

class Statement {
 public:
  // Index from 1. Texts are not copied: they live until step() is through.
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view text);
  void bind_null(int index);

  // True: a row is there. After false or an error the statement is reset for its next use.
  [[nodiscard]] Result<bool> step();
  // For statements without rows.
  [[nodiscard]] Result<void> run();
  // Ends a statement before its last row.
  void reset();

  // Index from 0. The text lives until the next step().
  [[nodiscard]] std::int64_t integer(int column);
  [[nodiscard]] std::string_view text(int column);
  [[nodiscard]] int column_count();

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  // `vfs` empty: the system's own.
  [[nodiscard]] static Result<Database> open(const std::string& path, const std::string& vfs);

  [[nodiscard]] Result<void> execute(const std::string& sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  // First column of the first row; kUnexpectedError when there is none.
  [[nodiscard]] Result<std::int64_t> query_integer(std::string_view sql);

  [[nodiscard]] sqlite3* handle() { return connection_.get(); }
  [[nodiscard]] int last_code() const { return sqlite3_errcode(connection_.get()); }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  explicit Database(sqlite3* connection) : connection_(connection) {}

  std::unique_ptr<sqlite3, Close> connection_;
};

// BEGIN IMMEDIATE ... COMMIT; rolls back when it goes away uncommitted. begin() waits for as long
// as another process holds the file, and says so in the log.
class DatabaseTransaction {
 public:
  [[nodiscard]] static Result<DatabaseTransaction> begin(Database& database);
  DatabaseTransaction(DatabaseTransaction&& other) noexcept;
  DatabaseTransaction& operator=(DatabaseTransaction&&) = delete;
  DatabaseTransaction(const DatabaseTransaction&) = delete;
  DatabaseTransaction& operator=(const DatabaseTransaction&) = delete;
  ~DatabaseTransaction();
  [[nodiscard]] Result<void> commit();

 private:
  explicit DatabaseTransaction(Database& database) : database_(&database) {}
  Database* database_;  // null once committed
};

}  // namespace muster::store
