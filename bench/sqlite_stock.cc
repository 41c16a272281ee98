// What a careful program on stock SQLite reaches with the same change and the same durability:
// one row of 31 columns a user, 4 KiB pages, WAL, synchronous=FULL, automatic checkpoints every
// 1000 pages, prepared statements, one transaction per batch, no HTTP, no parsing. Per batch:
// select and decode 500 random users, validate, update six fields and who modified them when,
// one audit row each with old and new values as JSON, commit. Prints one JSON line.
//
//   bench_sqlite FILE USERS SECONDS     makes FILE when it is missing
//
// At the end the rows of the last batch must hold the new values and the audit all rows.
#include <sqlite3.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "change.h"
#include "samples.h"

namespace {

using namespace muster::bench;
using Clock = std::chrono::steady_clock;

constexpr int kColumnCount = 31;
constexpr int kFirstChanged = 9;  // where the six fields stand among the columns
constexpr std::array<const char*, kColumnCount> kColumns = {
    "id INTEGER PRIMARY KEY",
    "user_name__v TEXT NOT NULL UNIQUE",
    "user_first_name__v TEXT",
    "user_last_name__v TEXT",
    "user_email__v TEXT",
    "user_timezone__v TEXT",
    "user_locale__v TEXT",
    "user_language__v TEXT",
    "mobile_phone__v TEXT",
    "user_title__v TEXT",
    "company__v TEXT",
    "site__v TEXT",
    "office_phone__v TEXT",
    "fax__v TEXT",
    "alias__v TEXT",
    "modified_date__v TEXT",
    "modified_by__v INTEGER",
    "created_date__v TEXT",
    "created_by__v INTEGER",
    "is_domain_admin__v INTEGER",
    "active__v INTEGER",
    "domain_active__v INTEGER",
    "security_policy_id__v INTEGER",
    "user_needs_to_change_password__v INTEGER",
    "domain_id__v INTEGER",
    "vault_id__v INTEGER",
    "federated_id__v TEXT UNIQUE",
    "salesforce_user_name__v TEXT",
    "last_login__v TEXT",
    "medidata_uuid__v TEXT",
    "app_licensing TEXT"};

class Statement {
 public:
  Statement(sqlite3* database, const std::string& sql) : database_(database) {
    check(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement_, nullptr));
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int index, sqlite3_int64 value) {
    check(sqlite3_bind_int64(statement_, index, value));
    return *this;
  }
  Statement& bind(int index, const std::string& text) {
    check(sqlite3_bind_text(statement_, index, text.data(), static_cast<int>(text.size()),
                            SQLITE_STATIC));
    return *this;
  }
  // True when there is a row to look at; done() afterwards.
  bool step() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) check(code);
    return code == SQLITE_ROW;
  }
  void done() { check(sqlite3_reset(statement_)); }
  void run() {
    step();
    done();
  }
  [[nodiscard]] std::string text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string() : std::string(bytes, size);
  }

 private:
  void check(int code) const {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database_));
  }
  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
};

std::string joined(const char* before, const char* between, const char* after) {
  std::string text(before);
  for (int i = 0; i < kColumnCount; ++i) text.append(i == 0 ? "" : between).append("?");
  return text + after;
}

void fill(sqlite3* database, std::size_t users) {
  std::string columns;
  for (const char* column : kColumns) columns.append(columns.empty() ? "" : ", ").append(column);
  Statement(database, "CREATE TABLE users(" + columns + ")").run();
  Statement(database,
            "CREATE TABLE audit(seq INTEGER PRIMARY KEY, at TEXT NOT NULL, by INTEGER NOT NULL, "
            "user INTEGER NOT NULL, record TEXT NOT NULL)")
      .run();
  Statement(database, "BEGIN").run();
  Statement insert(database, joined("INSERT INTO users VALUES(", ", ", ")"));
  const Values values = make_values(0);
  for (std::size_t user = 0; user < users; ++user) {
    const std::string number = std::to_string(user);
    const std::array<std::string, 8> names = {"person" + number + "@example.com",
                                              "Friederike",
                                              "Montgomery-" + number,
                                              "person" + number + "@mail.example.com",
                                              "Europe/Berlin",
                                              "en_US",
                                              "en",
                                              "+41 79 555 01 " + number};
    insert.bind(1, static_cast<sqlite3_int64>(user));
    for (int i = 0; i < 8; ++i) insert.bind(2 + i, names[static_cast<std::size_t>(i)]);
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      insert.bind(kFirstChanged + 1 + static_cast<int>(i), values[i]);
    }
    const std::string date = "2026-01-01T00:00:00.000Z";
    insert.bind(16, date).bind(17, 1).bind(18, date).bind(19, 1).bind(20, 0).bind(21, 1);
    insert.bind(22, 1).bind(23, 1).bind(24, 0).bind(25, 1).bind(26, 3003);
    const std::string federated = "federated-" + number;
    insert.bind(27, federated);
    insert.run();
  }
  Statement(database, "COMMIT").run();
}

class Harness {
 public:
  Harness(sqlite3* database, std::size_t users)
      : database_(database),
        users_(users),
        begin_(database, "BEGIN IMMEDIATE"),
        select_(database, "SELECT * FROM users WHERE id = ?"),
        update_(database,
                "UPDATE users SET user_title__v = ?1, company__v = ?2, site__v = ?3, "
                "office_phone__v = ?4, fax__v = ?5, alias__v = ?6, modified_date__v = ?7, "
                "modified_by__v = ?8 WHERE id = ?9"),
        audit_(database, "INSERT INTO audit(at, by, user, record) VALUES(?1, ?2, ?3, ?4)"),
        commit_(database, "COMMIT") {}

  void apply(const Ids& ids, const Values& values) {
    const std::string date = now();
    std::array<std::string, kColumnCount> row;
    std::string record;
    begin_.run();
    for (const std::uint32_t id : ids) {
      if (!select_.bind(1, id).step()) throw std::runtime_error("a user is missing");
      for (int i = 0; i < kColumnCount; ++i) row[static_cast<std::size_t>(i)] = select_.text(i);
      select_.done();
      if (!valid(values)) throw std::runtime_error("invalid value");
      Values old;
      for (std::size_t i = 0; i < kFieldCount; ++i) old[i] = std::move(row[kFirstChanged + i]);
      record.clear();
      append_change(record, id, old, values);
      for (std::size_t i = 0; i < kFieldCount; ++i) {
        update_.bind(static_cast<int>(i) + 1, values[i]);
      }
      update_.bind(7, date).bind(8, 1).bind(9, id).run();
      audit_.bind(1, date).bind(2, 1).bind(3, id).bind(4, record).run();
    }
    commit_.run();
  }

  void verify(const Ids& ids, const Values& values, std::int64_t audit_rows) {
    for (const std::uint32_t id : ids) {
      select_.bind(1, id).step();
      for (std::size_t i = 0; i < kFieldCount; ++i) {
        if (select_.text(kFirstChanged + static_cast<int>(i)) != values[i]) {
          throw std::runtime_error("a row does not hold its new value");
        }
      }
      select_.done();
    }
    if (count_audit() != audit_rows) throw std::runtime_error("audit rows are missing");
  }

  std::int64_t count_audit() {
    Statement count(database_, "SELECT count(*) FROM audit");
    count.step();
    return std::stoll(count.text(0));
  }

  Ids pick(std::mt19937& random) const {
    Ids ids(kRecords);
    pick_users(random, users_, ids);
    return ids;
  }

 private:
  static std::string now() {
    std::array<char, 32> text{};
    const std::time_t time = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.000Z", &parts);
    return text.data();
  }

  sqlite3* database_;
  std::size_t users_;
  Statement begin_;
  Statement select_;
  Statement update_;
  Statement audit_;
  Statement commit_;
};

void run(sqlite3* database, std::size_t users, double seconds) {
  Harness harness(database, users);
  std::random_device seed;
  std::mt19937 random(seed());
  const std::int64_t audit_before = harness.count_audit();
  std::vector<Sample> samples;
  unsigned number = seed();
  Ids ids;
  const auto start = Clock::now();
  const auto since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  while (since(start) < seconds) {
    ids = harness.pick(random);
    const Values values = make_values(++number);
    const auto begin = Clock::now();
    harness.apply(ids, values);
    samples.push_back({since(start), since(begin) * 1000});
  }
  const auto rows = static_cast<std::int64_t>(samples.size() * kRecords);
  harness.verify(ids, make_values(number), audit_before + rows);
  std::printf("{%s}\n", members(samples, busy_seconds(samples)).c_str());
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw std::runtime_error("usage: bench_sqlite FILE USERS SECONDS");
  const bool is_new = !std::filesystem::exists(argv[1]);
  sqlite3* database = nullptr;
  if (sqlite3_open(argv[1], &database) != SQLITE_OK) throw std::runtime_error("cannot open");
  for (const char* pragma :
       {"page_size=4096", "journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=1000"}) {
    Statement(database, std::string("PRAGMA ") + pragma).run();
  }
  if (is_new) fill(database, std::stoul(argv[2]));
  run(database, std::stoul(argv[2]), std::stod(argv[3]));
  sqlite3_close(database);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_sqlite: %s\n", error.what());
  return 1;
}
