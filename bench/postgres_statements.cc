// The statements of a batch as the server sends them, from bare libpq and on the server's own
// tables (a copy of its database): rows locked in the order of their ids, one update and one audit
// insert from arrays, one commit. Prints one JSON line of batches.
//
//   bench_postgres_statements --connect "host=... dbname=..." --users 100000 --clients 8
//                             --seconds 3 --mode sets
//   --mode rows   select, then write: an UPDATE and an INSERT a user, in pipeline mode
//   --mode calls  the same, but each statement is answered before the next one is sent
//
// Users are any of all, as the load generator picks them: clients wait for each other's rows.
// Arrays are made within the measured time, since they hold what was read; every client looks for
// the audit rows of its last batch.
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "change.h"
#include "clients.h"
#include "flags.h"

namespace {

using namespace muster::bench;
using Clock = std::chrono::steady_clock;

constexpr int kFirstId = 25001;  // of the demo users
constexpr int kPipelined = 200;  // statements before their answers are read
// Where the texts of a user that are changed stand in its row: title and what follows it.
constexpr std::size_t kFirstText = 6;

constexpr const char* kRevision = "SELECT revision FROM domain WHERE domain_id = 1";
constexpr const char* kSelect =
    "SELECT id, data FROM users WHERE domain_id = 1 AND id = ANY($1::int[]) ORDER BY id FOR UPDATE";
constexpr const char* kUpdateSet =
    "UPDATE users u SET folded_name = u.folded_name, federated_id = u.federated_id, "
    "is_active_admin = u.is_active_admin, data = r.data FROM unnest($1::int[], $2::text[]) AS r "
    "(id, data) WHERE u.domain_id = 1 AND u.id = r.id";
constexpr const char* kNumbers =
    "UPDATE counter SET value = value + 501 WHERE domain_id = 1 AND name = 'trail' "
    "RETURNING value - 501";
constexpr const char* kAuditSet =
    "INSERT INTO audit (domain_id, id, at, user_name, full_name, on_behalf_of, action, "
    "execution_id, item, item_id, is_new, changes) SELECT 1, $1::bigint + r.place, 0, "
    "'admin@example.com', 'First Administrator', '', 'Update Users', $2, 'person@example.com', "
    "r.id, false, r.changes FROM unnest($3::int[], $4::text[]) WITH ORDINALITY AS r (id, changes, "
    "place)";
constexpr const char* kBatch =
    "INSERT INTO batch (domain_id, place, id, user_id, vault_id, operation, started, finished, "
    "records, succeeded, failed, unchanged, client_id, reference_id, undone_by) VALUES (1, "
    "$1::bigint + 501, $2, 26001, 3003, 'update', 0, 0, 500, 500, 0, 0, '', '', '')";
constexpr const char* kToken =
    "INSERT INTO commit_token (domain_id, token, refused) VALUES (1, $1, false)";
constexpr const char* kUpdateRow = "UPDATE users SET data = $2 WHERE domain_id = 1 AND id = $1";
constexpr const char* kAuditRow =
    "INSERT INTO audit (domain_id, id, at, user_name, full_name, on_behalf_of, action, "
    "execution_id, item, item_id, is_new, changes) VALUES (1, $1, 0, 'admin@example.com', 'First "
    "Administrator', '', 'Update Users', $2, 'person@example.com', $3, false, $4)";

constexpr const char* kVerify =
    "SELECT count(*) FROM audit WHERE domain_id = 1 AND execution_id = $1 AND changes LIKE $2";

using Texts = std::vector<std::string>;

class Connection {
 public:
  explicit Connection(const std::string& where) : connection_(PQconnectdb(where.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK || PQenterPipelineMode(connection_) != 1) {
      throw std::runtime_error(PQerrorMessage(connection_));
    }
  }
  ~Connection() { PQfinish(connection_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void prepare(const char* name, const char* sql) {
    check(PQsendPrepare(connection_, name, sql, 0, nullptr));
    finish();
  }
  void send(const char* name, const Texts& parameters = {}) {
    std::vector<const char*> texts;
    for (const std::string& parameter : parameters) texts.push_back(parameter.c_str());
    check(PQsendQueryPrepared(connection_, name, static_cast<int>(texts.size()), texts.data(),
                              nullptr, nullptr, 0));
  }
  // The rows of the last statement that has some.
  std::vector<Texts> finish() {
    check(PQpipelineSync(connection_));
    std::vector<Texts> rows;
    while (true) {
      const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(connection_),
                                                                 &PQclear);
      if (!result && PQstatus(connection_) == CONNECTION_OK) continue;  // the end of one statement
      if (!result) throw std::runtime_error(PQerrorMessage(connection_));
      switch (PQresultStatus(result.get())) {
        case PGRES_PIPELINE_SYNC:
          return rows;
        case PGRES_COMMAND_OK:
          break;
        case PGRES_TUPLES_OK:
          rows = rows_of(result.get());
          break;
        default:
          throw std::runtime_error(PQresultErrorMessage(result.get()));
      }
    }
  }

 private:
  void check(int sent) {
    if (sent != 1) throw std::runtime_error(PQerrorMessage(connection_));
  }
  static std::vector<Texts> rows_of(const PGresult* result) {
    std::vector<Texts> rows(static_cast<std::size_t>(PQntuples(result)));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (int column = 0; column < PQnfields(result); ++column) {
        rows[row].emplace_back(PQgetvalue(result, static_cast<int>(row), column));
      }
    }
    return rows;
  }

  PGconn* connection_;
};

// One element of an array parameter.
void append_element(std::string& array, std::string_view text) {
  array += array.size() == 1 ? "\"" : ",\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += '"';
}

// Where the JSON strings of a user's row begin and end, quotes included.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::vector<Place> places_of(std::string_view row) {
  std::vector<Place> places;
  for (std::size_t at = 0; at < row.size(); ++at) {
    if (row[at] != '"') continue;
    const std::size_t begin = at++;
    while (row[at] != '"') at += row[at] == '\\' ? 2UL : 1UL;
    places.push_back({begin, at + 1});
  }
  return places;
}

struct Change {
  std::string row;      // the user afterwards
  std::string changes;  // for the trail
};

Change changed(const std::string& row, const Values& values) {
  const std::vector<Place> places = places_of(row);
  Change change{.row = row.substr(0, places.at(kFirstText).begin), .changes = "["};
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto [begin, end] = places.at(kFirstText + i);
    change.row.append(i == 0 ? "\"" : ",\"").append(values[i]).append("\"");
    change.changes.append(i == 0 ? "[\"" : ",[\"").append(kFields[i]).append("\",");
    change.changes.append(row, begin, end - begin).append(",\"").append(values[i]).append("\"]");
  }
  change.row.append(row, places.at(kFirstText + kFieldCount - 1).end);
  change.changes += ']';
  return change;
}

class Client {
 public:
  Client(const std::string& where, const Flags& flags, int index, unsigned seed)
      : connection_(where),
        aside_(where),
        is_by_row_(flags.text("--mode", "sets") != "sets"),
        at_once_(flags.text("--mode", "sets") == "calls" ? 1 : kPipelined),
        users_(static_cast<std::size_t>(flags.number("--users", 1000))),
        index_(index),
        random_(seed) {
    connection_.prepare("begin", "BEGIN ISOLATION LEVEL READ COMMITTED");
    for (const auto& [name, sql] : kStatements) connection_.prepare(name, sql);
    aside_.prepare("async", "SELECT set_config('synchronous_commit', 'off', true)");
    aside_.prepare("numbers", kNumbers);
  }

  double exchange(unsigned number) {
    const std::string ids = pick();
    last_ = make_values(number);
    token_ =
        std::to_string(number) + "-" + std::to_string(index_) + "-" + std::to_string(random_());
    const auto begin = Clock::now();
    connection_.send("begin");
    connection_.send("revision");
    connection_.finish();
    connection_.send("select", {ids});
    const std::vector<Texts> rows = connection_.finish();
    if (rows.size() != kRecords) throw std::runtime_error("a user is missing");
    is_by_row_ ? write_rows(rows) : write_sets(rows);
    const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
    return took.count();
  }

  void verify() {
    connection_.send("verify", {token_, "%" + last_.back() + "\"]]"});
    if (connection_.finish().at(0).at(0) != std::to_string(kRecords)) {
      throw std::runtime_error("a change is lost");
    }
  }

 private:
  static constexpr std::array<std::pair<const char*, const char*>, 10> kStatements{
      {{"revision", kRevision},
       {"select", kSelect},
       {"update set", kUpdateSet},
       {"audit set", kAuditSet},
       {"batch", kBatch},
       {"token", kToken},
       {"update row", kUpdateRow},
       {"audit row", kAuditRow},
       {"verify", kVerify},
       {"commit", "COMMIT"}}};

  std::string pick() {
    Ids ids(kRecords);
    pick_users(random_, users_, ids);
    std::string array = "{";
    for (const std::uint32_t id : ids) {
      append_element(array, std::to_string(kFirstId + static_cast<int>(id)));
    }
    return array + "}";
  }

  std::string numbers() {
    aside_.send("async");
    aside_.send("numbers");
    return aside_.finish().at(0).at(0);
  }

  void end(const std::string& before) {
    connection_.send("batch", {before, token_});
    connection_.send("token", {token_});
    connection_.send("commit");
    connection_.finish();
  }

  void write_sets(const std::vector<Texts>& rows) {
    std::string ids = "{";
    std::string data = "{";
    std::string changes = "{";
    for (const Texts& row : rows) {
      const Change change = changed(row[1], last_);
      append_element(ids, row[0]);
      append_element(data, change.row);
      append_element(changes, change.changes);
    }
    ids += '}';
    connection_.send("update set", {ids, data + "}"});
    const std::string before = numbers();
    connection_.send("audit set", {before, token_, ids, changes + "}"});
    end(before);
  }

  void write_rows(const std::vector<Texts>& rows) {
    const std::string before = numbers();
    std::int64_t number = std::stoll(before);
    int sent = 0;
    const auto send = [&](const char* name, const Texts& parameters) {
      connection_.send(name, parameters);
      if (++sent % at_once_ == 0) connection_.finish();
    };
    for (const Texts& row : rows) {
      const Change change = changed(row[1], last_);
      send("update row", {row[0], change.row});
      send("audit row", {std::to_string(++number), token_, row[0], change.changes});
    }
    end(before);
  }

  Connection connection_;
  Connection aside_;
  bool is_by_row_;
  int at_once_;
  std::size_t users_;
  int index_;
  std::mt19937 random_;
  Values last_;
  std::string token_;
};

}  // namespace

int main(int argc, char** argv) try {
  const Flags flags(argc, argv);
  std::random_device seed;
  std::atomic<unsigned> number = seed();
  std::vector<std::shared_ptr<Client>> all;
  const Load load = run_clients(
      flags.number("--clients", 1), flags.decimal("--seconds", 3), [&](int i) -> Exchange {
        all.push_back(std::make_shared<Client>(flags.text("--connect"), flags, i, seed()));
        return [client = all.back(), &number] { return client->exchange(number.fetch_add(1)); };
      });
  for (const auto& client : all) client->verify();
  std::printf("{%s}\n", members(load).c_str());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_postgres_statements: %s\n", error.what());
  return 1;
}
