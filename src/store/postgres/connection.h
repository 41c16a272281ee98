// One connection to PostgreSQL (libpq in pipeline mode) and what it answers.
//
//   connection.send("INSERT INTO ...", parameters);              // lined up, no wait
//   auto rows = connection.ask("SELECT ...", parameters);        // sends all, one round trip
//   auto done = connection.finish();                             // waits for what was lined up
//
// Statements run in the order they were lined up. After the first that fails, those up to the next
// ask() or finish() do not run, and that call returns the error.
//
// A statement with parameters is prepared when it is sent for the first time, unless it is asked
// once.
//
// An error has a SQLSTATE; kLost is ours and means that nobody knows what became of the statements
// under way: the connection is then of no use any more. A database that does not answer for
// kAnswerTimeout counts as lost too, so that no thread waits for ever.
// For one thread at a time. Move only.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/postgres/parameters.h"

namespace muster::store {

struct DatabaseError {
  static constexpr std::string_view kLost = "08006";

  std::string sqlstate;
  std::string message;

  [[nodiscard]] bool is_lost() const { return sqlstate == kLost; }
  // The server stops, starts or writes no more: other connections to it are of no use either.
  [[nodiscard]] bool is_server_gone() const;
  // With another transaction that runs at the same time.
  [[nodiscard]] bool is_conflict() const;
  // Another run of the same transaction may succeed.
  [[nodiscard]] bool is_passing() const;
  [[nodiscard]] bool is_taken_key() const { return sqlstate == "23505"; }
};

template <typename T>
using Answer = std::expected<T, DatabaseError>;

// What a statement returned. Views live as long as this object.
class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result, &PQclear) {}

  [[nodiscard]] int count() const { return PQntuples(result_.get()); }
  [[nodiscard]] bool empty() const { return count() == 0; }
  [[nodiscard]] bool is_null(int row, int column) const {
    return PQgetisnull(result_.get(), row, column) != 0;
  }
  [[nodiscard]] std::string_view text(int row, int column) const;
  [[nodiscard]] std::int64_t integer(int row, int column) const;  // NULL is 0
  [[nodiscard]] bool flag(int row, int column) const { return text(row, column) == "t"; }
  [[nodiscard]] std::string bytes(int row, int column) const;
  // What was done: "COMMIT", "UPDATE 5".
  [[nodiscard]] std::string_view tag() const { return PQcmdStatus(result_.get()); }
  // Rows that were written.
  [[nodiscard]] std::int64_t affected() const;

 private:
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

class Connection {
 public:
  // `conninfo`: a URI or keywords, several hosts included. `password`: beats that of conninfo.
  [[nodiscard]] static Answer<Connection> open(const std::string& conninfo,
                                               const std::string& password);

  // `writes`: how many rows it must write; another number is a conflict (40001).
  void send(const std::string& sql, const Parameters& parameters = {},
            std::optional<std::size_t> writes = std::nullopt);
  [[nodiscard]] Answer<Rows> ask(const std::string& sql, const Parameters& parameters = {});
  // As ask(), for a text that is made for the question: nobody keeps it.
  [[nodiscard]] Answer<Rows> ask_once(const std::string& sql, const Parameters& parameters);
  [[nodiscard]] Answer<void> finish();

  // The transaction that the next statements are, up to ask(), waits for no disk.
  void send_lazily() { send("SELECT set_config('synchronous_commit', 'off', true)"); }

  // Sends a last statement whose answer nobody waits for: the next who uses the connection reads
  // it.
  void leave(const std::string& sql);

  [[nodiscard]] bool is_lost() const { return is_lost_; }
  // Lost, or in a transaction: not to be given to others.
  [[nodiscard]] bool is_reusable() const;

 private:
  // A statement the server knows by a name, or is about to.
  struct Prepared {
    std::string name;
    bool is_sent = false;
  };
  // What the next result is the answer to.
  struct Awaited {
    std::optional<std::size_t> writes;
    Prepared* prepared = nullptr;  // it was only made known
  };

  explicit Connection(PGconn* connection) : connection_(connection, &PQfinish) {}
  [[nodiscard]] DatabaseError lose(std::string why);
  [[nodiscard]] Prepared* prepare(const std::string& sql);
  [[nodiscard]] bool send_text(const std::string& sql, const Parameters::View& view);
  [[nodiscard]] bool wait_for_input();
  [[nodiscard]] Answer<Rows> collect();

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
  std::vector<Awaited> awaited_;
  std::unordered_map<std::string, Prepared> prepared_;  // by their text
  bool is_left_ = false;
  bool is_lost_ = false;
};

}  // namespace muster::store
