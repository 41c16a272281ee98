#include "http/response_head.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <ctime>
#include <string>

#include "base/text.h"

namespace muster::http {
namespace {

constexpr std::array<std::string_view, 5> kOurFields = {"Content-Length", "Content-Type",
                                                        "Transfer-Encoding", "Connection", "Date"};

constexpr bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

bool may_be_sent(const ResponseHeader& field) {
  const auto is_same = [&](std::string_view ours) {
    return equals_ignoring_case(field.name, ours);
  };
  return !field.name.empty() && std::ranges::all_of(field.name, is_token_char) &&
         std::ranges::none_of(kOurFields, is_same);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

void append_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  const std::size_t begin = head.size();
  head += value;
  std::replace_if(head.begin() + static_cast<std::ptrdiff_t>(begin), head.end(), is_control, ' ');
  head += "\r\n";
}

std::string_view reason_phrase(int status) {
  const auto phrase =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {phrase.data(), phrase.size()};
}

}  // namespace

bool is_bodiless(int status) { return status < 200 || status == 204 || status == 304; }

std::string response_head(const Response& response, Persistence persistence, BodyEnd end,
                          std::string_view date) {
  std::string head;
  head.reserve(512);
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  head.append(reason_phrase(response.status)).append("\r\nDate: ").append(date).append("\r\n");
  if (!is_bodiless(response.status)) {
    if (!response.content_type.empty()) append_field(head, "Content-Type", response.content_type);
    if (end == BodyEnd::kLength) {
      append_field(head, "Content-Length", std::to_string(response.body.size()));
    } else if (end == BodyEnd::kChunked) {
      append_field(head, "Transfer-Encoding", "chunked");
    }
  }
  for (const ResponseHeader& field : response.headers) {
    if (may_be_sent(field)) append_field(head, field.name, field.value);
  }
  if (persistence == Persistence::kClose) head += "Connection: close\r\n";
  if (persistence == Persistence::kKeepAliveHttp10) head += "Connection: keep-alive\r\n";
  return head += "\r\n";
}

std::string_view http_date() {
  static thread_local std::time_t made_at = 0;
  static thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made_at || text.empty()) {
    text = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
    made_at = now;
  }
  return text;
}

}  // namespace muster::http
