// The bytes in front of a response body.
//
//   std::string head = response_head(response, Persistence::kKeepAlive, http_date());
//
// Content-Length, Connection and Date are ours: fields of these names in the response are left out.
// Nothing in a value can end its line: control characters become blanks. RFC 9112 4-6.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.h"

namespace muster::http {

enum class Persistence : std::uint8_t {
  kKeepAlive,
  kKeepAliveHttp10,  // has to be said
  kClose,
};

// How the client knows where the body ends (RFC 9112 6.3).
enum class BodyEnd : std::uint8_t {
  kLength,
  kChunked,
  kClose,  // an HTTP/1.0 client knows no chunks
};

[[nodiscard]] std::string response_head(const Response& response, Persistence persistence,
                                        BodyEnd end, std::string_view date);

// A response of this status has no body and no Content-Length.
[[nodiscard]] bool is_bodiless(int status);

// Now, as RFC 9110 5.6.7 wants it: "Tue, 11 Feb 2025 09:30:00 GMT". Made once a second and thread;
// the view is valid until the thread's next call.
[[nodiscard]] std::string_view http_date();

}  // namespace muster::http
