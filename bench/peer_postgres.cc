// The same change of 500 users in PostgreSQL, in the fastest way found: one statement that locks
// the old rows, updates them from arrays and writes one audit row each with old and new values.
// Prints one JSON line of batches.
//
//   bench_postgres --connect "host=... dbname=..." --fill 100000
//   bench_postgres --connect "host=... dbname=..." --users 100000 --clients 8 --seconds 3
//
// Connections change users of their own, so none waits for another's row. The making of the
// arrays is not timed; every connection reads its last batch back.
#include <libpq-fe.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include "change.h"
#include "clients.h"
#include "flags.h"

namespace {

using namespace muster::bench;
using Clock = std::chrono::steady_clock;
using Parameters = std::array<std::string, kFieldCount + 1>;

constexpr const char* kTables = R"sql(
CREATE TABLE users(id int PRIMARY KEY, user_name text UNIQUE NOT NULL, first_name text,
  last_name text, email text, timezone text, locale text, language text, mobile text,
  title text, company text, site text, phone text, fax text, alias text,
  modified_date timestamptz, modified_by int, created_date timestamptz, created_by int,
  domain_admin bool, active bool, domain_active bool, policy int, change_password bool,
  domain int, vault int, federated_id text UNIQUE, salesforce text, last_login timestamptz,
  medidata text, app_licensing text) WITH (fillfactor = 80);
CREATE TABLE audit(seq bigserial PRIMARY KEY, at timestamptz, by int, user_id int, record json);
)sql";

constexpr const char* kFill = R"sql(
INSERT INTO users SELECT n, 'person' || n || '@example.com', 'Friederike', 'Montgomery-' || n,
  'person' || n || '@mail.example.com', 'Europe/Berlin', 'en_US', 'en', '+41 79 555 01 ' || n,
  'Senior Specialist, Quality 00000000', 'Example Pharma Holding 00000000',
  'Basel Building 12 00000000', '+41 61 00000000', '+41 62 00000000', 'alias-00000000',
  now(), 1, now(), 1, false, true, true, 1, false, 1, 3003, 'federated-' || n
FROM generate_series(0, $1::int - 1) AS n
)sql";

// Old and new values travel together: joining them again would cost more than the update.
constexpr const char* kChange = R"sql(
WITH pair AS (
  SELECT u.id, u.title, u.company, u.site, u.phone, u.fax, u.alias, n.new_title, n.new_company,
    n.new_site, n.new_phone, n.new_fax, n.new_alias
  FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    AS n(id, new_title, new_company, new_site, new_phone, new_fax, new_alias)
  JOIN users AS u USING (id) FOR UPDATE OF u),
changed AS (
  UPDATE users AS u SET title = new_title, company = new_company, site = new_site,
    phone = new_phone, fax = new_fax, alias = new_alias, modified_date = now(), modified_by = 1
  FROM pair AS b WHERE u.id = b.id)
INSERT INTO audit(at, by, user_id, record)
SELECT now(), 1, id, json_build_object(
  'user_title__v', json_build_array(title, new_title),
  'company__v', json_build_array(company, new_company),
  'site__v', json_build_array(site, new_site),
  'office_phone__v', json_build_array(phone, new_phone),
  'fax__v', json_build_array(fax, new_fax),
  'alias__v', json_build_array(alias, new_alias))
FROM pair
)sql";

constexpr const char* kVerify = R"sql(
SELECT count(*) FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
  $7::text[]) AS n(id, title, company, site, phone, fax, alias)
JOIN users USING (id, title, company, site, phone, fax, alias)
JOIN audit AS a ON a.user_id = id AND a.record ->> 'alias__v' LIKE '%' || n.alias || '"]'
)sql";

class Connection {
 public:
  explicit Connection(const std::string& where) : connection_(PQconnectdb(where.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) throw std::runtime_error(error());
  }
  ~Connection() { PQfinish(connection_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void run(const char* sql) { take(PQexec(connection_, sql)); }
  void prepare(const char* name, const char* sql) {
    take(PQprepare(connection_, name, sql, 0, nullptr));
  }
  // Rows written, or the one number that was selected.
  template <std::size_t kCount>
  int execute(const char* name, const std::array<std::string, kCount>& parameters) {
    std::array<const char*, kCount> texts{};
    for (std::size_t i = 0; i < kCount; ++i) texts[i] = parameters[i].c_str();
    return take(PQexecPrepared(connection_, name, static_cast<int>(kCount), texts.data(), nullptr,
                               nullptr, 0));
  }

 private:
  [[nodiscard]] std::string error() const { return PQerrorMessage(connection_); }
  int take(PGresult* result) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> owned(result, PQclear);
    const auto status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(error());
    const std::string text =
        status == PGRES_TUPLES_OK ? PQgetvalue(result, 0, 0) : PQcmdTuples(result);
    return text.empty() ? 0 : std::stoi(text);
  }
  PGconn* connection_;
};

// Changes the users whose number leaves `index` when divided by `of`.
class Client {
 public:
  Client(const std::string& where, std::size_t users, int index, int of, unsigned seed)
      : connection_(where), users_(users), index_(index), of_(of), random_(seed) {
    connection_.prepare("change", kChange);
    connection_.prepare("verify", kVerify);
  }

  double exchange(unsigned number) {
    write_parameters(number);
    const auto begin = Clock::now();
    const int rows = connection_.execute("change", parameters_);
    const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
    if (rows != static_cast<int>(kRecords)) throw std::runtime_error("audit rows are missing");
    return took.count();
  }

  void verify() {
    connection_.run("SET enable_nestloop = off");  // the audit has no index by user
    if (connection_.execute("verify", parameters_) != static_cast<int>(kRecords)) {
      throw std::runtime_error("a row does not hold its new value");
    }
  }

 private:
  void write_parameters(unsigned number) {
    Ids ids(kRecords);
    pick_users(random_, users_ / static_cast<std::size_t>(of_), ids);
    const Values values = make_values(number);
    for (std::string& parameter : parameters_) parameter = "{";
    for (const std::uint32_t id : ids) {
      const char* comma = parameters_[0].size() == 1 ? "" : ",";
      for (std::size_t i = 0; i < kFieldCount; ++i) {
        parameters_[i + 1].append(comma).append("\"").append(values[i]).append("\"");
      }
      const auto user = static_cast<std::int64_t>(id) * of_ + index_;
      parameters_[0].append(comma).append(std::to_string(user));
    }
    for (std::string& parameter : parameters_) parameter += '}';
  }

  Connection connection_;
  std::size_t users_;
  int index_;
  int of_;
  std::mt19937 random_;
  Parameters parameters_;
};

void fill(const std::string& where, const std::string& users) {
  Connection connection(where);
  connection.run(kTables);
  connection.prepare("fill", kFill);
  connection.execute("fill", std::array{users});
  connection.run("VACUUM ANALYZE users");
}

}  // namespace

int main(int argc, char** argv) try {
  const Flags flags(argc, argv);
  const std::string where = flags.text("--connect");
  if (const std::string users = flags.text("--fill"); !users.empty()) {
    fill(where, users);
    return 0;
  }
  const auto users = static_cast<std::size_t>(flags.number("--users", 1000));
  const int clients = flags.number("--clients", 1);
  std::random_device seed;
  std::atomic<unsigned> number = seed();
  std::vector<std::shared_ptr<Client>> all;
  const Load load = run_clients(clients, flags.decimal("--seconds", 3), [&](int i) -> Exchange {
    all.push_back(std::make_shared<Client>(where, users, i, clients, seed()));
    return [client = all.back(), &number] { return client->exchange(number.fetch_add(1)); };
  });
  for (const auto& client : all) client->verify();
  std::printf("{%s}\n", members(load).c_str());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_postgres: %s\n", error.what());
  return 1;
}
