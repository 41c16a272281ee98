// One login that all connections of a load share. When the server no longer knows the session,
// whoever notices first logs in again and the others go on with the new one.
//
//   ApiSession session({.user = "nadia.brandt@example.com", .password = ...});
//   auto opened = session.open(connection);
//   ... request with session.ticket().id; on INVALID_SESSION_ID: session.renew(connection, ticket)
//
// Thread-safe.
#pragma once

#include <mutex>
#include <string>

#include "base/result.h"
#include "loader/http_connection.h"

namespace muster::loader {

inline constexpr std::string_view kApiPath = "/api/v24.3";  // the version the loader speaks

struct Credentials {
  std::string user;
  std::string password;
  std::string vault_dns;  // empty: the server chooses the vault
};

class ApiSession {
 public:
  struct Ticket {
    std::string id;
    unsigned logins = 0;  // it is the id of this login, counted from 1
  };

  explicit ApiSession(Credentials who) : who_(std::move(who)) {}

  // Logs in. kUnexpectedError with the server's reason.
  [[nodiscard]] Result<void> open(HttpConnection& connection);
  // Logs in again unless somebody did since `old` was given out.
  [[nodiscard]] Result<void> renew(HttpConnection& connection, const Ticket& old);
  // Ends the session on the server, as far as that can be reached.
  void close(HttpConnection& connection);

  [[nodiscard]] Ticket ticket() const;

 private:
  [[nodiscard]] Result<void> log_in(HttpConnection& connection);

  Credentials who_;
  mutable std::mutex mutex_;
  Ticket ticket_;
};

}  // namespace muster::loader
