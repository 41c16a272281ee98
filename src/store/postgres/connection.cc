#include "store/postgres/connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <utility>

namespace muster::store {
namespace {

using Clock = std::chrono::steady_clock;

// Longer than the statement time-out below: whoever answers at all answers before.
constexpr std::chrono::seconds kAnswerTimeout{20};
constexpr int kPollMs = 1000;

// Durable means durable: what an operator set beyond that (remote_apply) stays.
constexpr const char* kPrepareSession =
    "SELECT set_config('statement_timeout', '15s', false), set_config('lock_timeout', '10s', "
    "false), set_config('idle_in_transaction_session_timeout', '60s', false), "
    "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN "
    "'on' ELSE current_setting('synchronous_commit') END, false)";

std::string first_line(std::string_view message) {
  return std::string(message.substr(0, message.find('\n')));
}

// Without the detail, which may repeat values.
DatabaseError error_of(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return {state == nullptr ? std::string(DatabaseError::kLost) : state,
          first_line(message == nullptr ? "no reason given" : message)};
}

}  // namespace

bool DatabaseError::is_server_gone() const {
  // Shut down, crash, starting, became a replica.
  constexpr std::array<std::string_view, 5> kGone{"57P01", "57P02", "57P03", "25006", kLost};
  return std::ranges::find(kGone, sqlstate) != kGone.end();
}

bool DatabaseError::is_conflict() const {
  // Changed by others, deadlock, lock time-out.
  constexpr std::array<std::string_view, 3> kConflicts{"40001", "40P01", "55P03"};
  return std::ranges::find(kConflicts, sqlstate) != kConflicts.end();
}

bool DatabaseError::is_passing() const {
  return is_conflict() || is_server_gone() || sqlstate == "53300";  // too many connections
}

std::string_view Rows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int64_t Rows::integer(int row, int column) const {
  return std::strtoll(PQgetvalue(result_.get(), row, column), nullptr, 10);
}

std::string Rows::bytes(int row, int column) const {
  std::size_t size = 0;
  const std::unique_ptr<unsigned char, decltype(&PQfreemem)> unescaped(
      PQunescapeBytea(
          reinterpret_cast<const unsigned char*>(PQgetvalue(result_.get(), row, column)), &size),
      &PQfreemem);
  return {reinterpret_cast<const char*>(unescaped.get()), size};
}

std::int64_t Rows::affected() const {
  return std::strtoll(PQcmdTuples(result_.get()), nullptr, 10);
}

Answer<Connection> Connection::open(const std::string& conninfo, const std::string& password) {
  // Those before dbname are defaults, those after it beat what conninfo says.
  std::vector<const char*> keys{"connect_timeout", "tcp_user_timeout", "client_encoding",
                                "fallback_application_name", "dbname"};
  std::vector<const char*> values{"5", "20000", "UTF8", "muster", conninfo.c_str()};
  if (!password.empty()) {
    keys.push_back("password");
    values.push_back(password.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  Connection opened(PQconnectdbParams(keys.data(), values.data(), 1));
  PGconn* const raw = opened.connection_.get();
  if (PQstatus(raw) != CONNECTION_OK || PQsetnonblocking(raw, 1) != 0 ||
      PQenterPipelineMode(raw) != 1) {
    return std::unexpected(opened.lose(first_line(PQerrorMessage(raw))));
  }
  PQsetNoticeProcessor(raw, [](void*, const char*) {}, nullptr);
  if (auto prepared = opened.ask(kPrepareSession); !prepared) {
    return std::unexpected(prepared.error());
  }
  return opened;
}

// Null when it cannot be sent.
Connection::Prepared* Connection::prepare(const std::string& sql) {
  const auto [place, is_new] = prepared_.try_emplace(sql);
  Prepared& prepared = place->second;
  if (is_new) prepared.name = "s" + std::to_string(prepared_.size());
  if (prepared.is_sent) return &prepared;
  if (PQsendPrepare(connection_.get(), prepared.name.c_str(), sql.c_str(), 0, nullptr) != 1) {
    return nullptr;
  }
  prepared.is_sent = true;
  awaited_.push_back({.writes = std::nullopt, .prepared = &prepared});
  return &prepared;
}

bool Connection::send_text(const std::string& sql, const Parameters::View& view) {
  return PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(view.values.size()),
                           nullptr, view.values.data(), view.lengths.data(), view.formats.data(),
                           0) == 1;
}

void Connection::send(const std::string& sql, const Parameters& parameters,
                      std::optional<std::size_t> writes) {
  if (is_lost_) return;  // finish() says so
  const Parameters::View view = parameters.view();
  bool sent = false;
  if (view.values.empty()) {
    sent = send_text(sql, view);
  } else if (const Prepared* prepared = prepare(sql); prepared != nullptr) {
    sent = PQsendQueryPrepared(connection_.get(), prepared->name.c_str(),
                               static_cast<int>(view.values.size()), view.values.data(),
                               view.lengths.data(), view.formats.data(), 0) == 1;
  }
  is_lost_ = !sent;
  awaited_.push_back({.writes = writes});
}

Answer<Rows> Connection::ask(const std::string& sql, const Parameters& parameters) {
  send(sql, parameters);
  return collect();
}

Answer<Rows> Connection::ask_once(const std::string& sql, const Parameters& parameters) {
  if (!is_lost_) {
    is_lost_ = !send_text(sql, parameters.view());
    awaited_.push_back({});
  }
  return collect();
}

Answer<void> Connection::finish() {
  if (awaited_.empty() && !is_lost_) return {};
  if (auto rows = collect(); !rows) return std::unexpected(rows.error());
  return {};
}

void Connection::leave(const std::string& sql) {
  send(sql);
  if (!is_lost_) is_lost_ = PQpipelineSync(connection_.get()) != 1;
  is_left_ = true;
}

bool Connection::is_reusable() const {
  if (is_left_) return !is_lost_;
  return !is_lost_ && awaited_.empty() && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
}

DatabaseError Connection::lose(std::string why) {
  is_lost_ = true;
  awaited_.clear();
  return {std::string(DatabaseError::kLost), std::move(why)};
}

// Sends what is left and reads until a result is there. False when the connection is lost.
bool Connection::wait_for_input() {
  PGconn* const raw = connection_.get();
  const auto deadline = Clock::now() + kAnswerTimeout;
  bool is_flushed = false;
  while (true) {
    if (!is_flushed) {
      const int flushed = PQflush(raw);
      if (flushed < 0) return false;
      is_flushed = flushed == 0;
    }
    if (PQisBusy(raw) == 0) return true;
    if (Clock::now() > deadline) return false;
    pollfd waited{.fd = PQsocket(raw),
                  .events = static_cast<short>(POLLIN | (is_flushed ? 0 : POLLOUT)),
                  .revents = 0};
    if (::poll(&waited, 1, kPollMs) < 0 && errno != EINTR) return false;
    if ((waited.revents & ~POLLOUT) != 0 && PQconsumeInput(raw) != 1) return false;
  }
}

// The last result, or the first error, of everything that was lined up.
Answer<Rows> Connection::collect() {
  PGconn* const raw = connection_.get();
  if (is_lost_ || PQpipelineSync(raw) != 1) return std::unexpected(lose("connection lost"));
  Rows last(nullptr);
  std::optional<DatabaseError> failure;
  auto awaited = awaited_.begin();
  while (true) {
    if (!wait_for_input()) return std::unexpected(lose(first_line(PQerrorMessage(raw))));
    PGresult* const result = PQgetResult(raw);
    if (result == nullptr) {  // between two statements
      if (PQstatus(raw) != CONNECTION_OK) return std::unexpected(lose("connection lost"));
      continue;
    }
    Rows rows(result);
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_PIPELINE_SYNC) {
      if (!is_left_) break;
      is_left_ = false;  // that was the end of the one before
      failure.reset();
      continue;
    }
    const bool is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (status == PGRES_FATAL_ERROR && !failure) failure = error_of(result);
    if (PQstatus(raw) != CONNECTION_OK || awaited == awaited_.end()) {
      return std::unexpected(lose(failure ? failure->message : "connection lost"));
    }
    if (awaited->prepared != nullptr) {
      awaited->prepared->is_sent = is_done;  // else it is made known the next time
    } else if (is_done && awaited->writes &&
               std::cmp_not_equal(*awaited->writes, rows.affected()) && !failure) {
      failure = DatabaseError{"40001", "rows were changed by someone else"};
    }
    ++awaited;
    last = std::move(rows);
  }
  awaited_.clear();
  if (!failure) return last;
  is_lost_ |= failure->is_server_gone();
  return std::unexpected(std::move(*failure));
}

}  // namespace muster::store
