#include "loader/api_session.h"

#include <fmt/format.h>

#include "loader/api_answer.h"

namespace muster::loader {
namespace {

std::string form_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

}  // namespace

Result<void> ApiSession::open(HttpConnection& connection) {
  const std::lock_guard lock(mutex_);
  return log_in(connection);
}

Result<void> ApiSession::renew(HttpConnection& connection, const Ticket& old) {
  const std::lock_guard lock(mutex_);  // the others wait for the one login
  if (ticket_.logins != old.logins) return {};
  return log_in(connection);
}

Result<void> ApiSession::log_in(HttpConnection& connection) {
  std::string body =
      "username=" + form_encoded(who_.user) + "&password=" + form_encoded(who_.password);
  if (!who_.vault_dns.empty()) body += "&vaultDNS=" + form_encoded(who_.vault_dns);
  const auto answer =
      connection.exchange({.method = "POST",
                           .target = std::string(kApiPath) + "/auth",
                           .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                       {"Accept", "application/json"}},
                           .body = body});
  if (!answer) return std::unexpected(answer.error());
  auto id = parse_login(answer->body);
  if (!id) return std::unexpected(id.error());
  ticket_ = {.id = std::move(*id), .logins = ticket_.logins + 1};
  return {};
}

void ApiSession::close(HttpConnection& connection) {
  const Ticket open = ticket();
  if (open.id.empty()) return;
  // A session that stays open ends by itself: nobody needs to hear of a failure.
  const auto ended = connection.exchange({.method = "DELETE",
                                          .target = std::string(kApiPath) + "/session",
                                          .headers = {{"Authorization", open.id}}});
  static_cast<void>(ended);
}

ApiSession::Ticket ApiSession::ticket() const {
  const std::lock_guard lock(mutex_);
  return ticket_;
}

}  // namespace muster::loader
