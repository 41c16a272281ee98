// Reads one request of a connection: header, body in pieces, or what is left of a body that nobody
// wants; with the time limits of a reader who does not wait for ever.
//
//   RequestReader reader(stream, buffer, limits);
//   ReadEnd end = co_await reader.read_header();
//   if (end.kind == ReadEnd::kComplete) end = co_await reader.read_body(exchange, bytes_max);
//
// Does not move: the request is referred to by its parser and its exchange. Belongs to the
// connection's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/io.h"
#include "http/message.h"
#include "http/minimum_rate.h"
#include "http/read_buffer.h"
#include "http/refusal.h"
#include "http/request_parser.h"
#include "http/server.h"
#include "http/stream.h"

namespace muster::http {

struct ReadEnd {
  enum Kind : std::uint8_t {
    kComplete,
    kEnough,   // the exchange knows its verdict
    kRefused,  // for `reason`
    kGone,     // the client hung up: nobody is there to be answered
  };
  Kind kind = kComplete;
  Refusal reason = {};
};

class RequestReader {
 public:
  RequestReader(Stream& stream, ReadBuffer& buffer, const ServerLimits& limits)
      : stream_(stream), buffer_(buffer), limits_(limits) {}
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  [[nodiscard]] Request& request() { return request_; }

  // kComplete, kRefused (a framing or size rule, header_timeout_ms) or kGone.
  [[nodiscard]] Awaitable<ReadEnd> read_header();

  // Sends 100 Continue when the client waits for it, then gives the body to `exchange` piece by
  // piece. Refused when it is longer than `bytes_max`, badly chunked or too slow. 0: the body is
  // not wanted; a short one is read without calling the exchange. Passes on what on_body() throws.
  [[nodiscard]] Awaitable<ReadEnd> read_body(Exchange& exchange, std::uint64_t bytes_max);

  // The rest of the body, thrown away. False: it did not come.
  [[nodiscard]] Awaitable<bool> skip_rest();

  // The client wants to go on with this connection and the next request can be found: all of this
  // one was read, or so little is left that skip_rest() is cheaper than a new connection.
  [[nodiscard]] bool may_continue() const;
  [[nodiscard]] bool is_http_1_0() const { return parser_.is_http_1_0(); }
  // Bytes may be on their way that nobody has read.
  [[nodiscard]] bool more_may_come() const;

 private:
  [[nodiscard]] ReadEnd refused(Refusal reason);
  [[nodiscard]] Awaitable<std::optional<ReadEnd>> receive(TimePoint deadline, Refusal when_late);
  [[nodiscard]] std::optional<ReadEnd> hand_over(std::string_view piece, Exchange& exchange,
                                                 std::uint64_t bytes_max);
  [[nodiscard]] Awaitable<std::optional<ReadEnd>> receive_body();

  Stream& stream_;
  ReadBuffer& buffer_;
  const ServerLimits& limits_;
  Request request_;
  RequestParser parser_{request_};
  std::uint64_t body_bytes_ = 0;
  std::optional<MinimumRate> body_rate_;  // from the first wait for the body
  bool out_of_step_ = false;              // where the next request begins is not known
  bool stalled_ = false;
};

}  // namespace muster::http
