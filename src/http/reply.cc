#include "http/reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "http/minimum_rate.h"

namespace muster::http {

namespace {

// "1F4\r\n" before a chunk of 500 bytes (RFC 9112 7.1).
std::string chunk_head(std::size_t bytes) { return fmt::format("{:X}\r\n", bytes); }

Awaitable<bool> send_bytes(Stream& stream, std::string_view head, std::string_view body,
                           const ServerLimits& limits) {
  MinimumRate rate(limits.body_bytes_per_second_min, limits.write_timeout_ms);
  while (!head.empty() || !body.empty()) {
    const Stream::Transfer taken = co_await stream.write(head, body, rate.deadline());
    if (taken.bytes == 0) co_return false;
    rate.count(taken.bytes);
    const std::size_t of_head = std::min(taken.bytes, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(taken.bytes - of_head);
  }
  co_return true;
}

}  // namespace

Awaitable<bool> send_response(Stream& stream, const Response& response, Persistence persistence,
                              BodyEnd end, BodySent body_sent, const ServerLimits& limits) {
  std::string head = response_head(response, persistence, end, http_date());
  std::string_view body;
  if (body_sent == BodySent::kYes && !is_bodiless(response.status)) body = response.body;
  const bool is_chunk = end == BodyEnd::kChunked && !body.empty();
  if (is_chunk) head += chunk_head(body.size());
  const bool sent = co_await send_bytes(stream, head, body, limits);
  if (!sent || !is_chunk) co_return sent;
  co_return co_await send_bytes(stream, "\r\n", {}, limits);
}

Awaitable<bool> send_piece(Stream& stream, std::string_view piece, BodyEnd end,
                           const ServerLimits& limits) {
  if (end != BodyEnd::kChunked) co_return co_await send_bytes(stream, {}, piece, limits);
  const std::string head = chunk_head(piece.size());  // a size of 0 says that it is the last
  const bool sent = co_await send_bytes(stream, head, piece, limits);
  if (!sent) co_return false;
  co_return co_await send_bytes(stream, "\r\n", {}, limits);
}

Awaitable<bool> send_continue(Stream& stream, const ServerLimits& limits) {
  std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
  while (!line.empty()) {
    const TimePoint deadline = after_ms(limits.write_timeout_ms);
    const Stream::Transfer taken = co_await stream.write(line, {}, deadline);
    if (taken.bytes == 0) co_return false;
    line.remove_prefix(taken.bytes);
  }
  co_return true;
}

Awaitable<void> linger(Stream& stream, ReadBuffer& buffer, const ServerLimits& limits,
                       bool more_may_come) {
  constexpr std::int64_t kGoodbyeMs = 1000;  // how long to wait for the client to close as well
  const TimePoint deadline = after_ms(
      more_may_come ? limits.linger_timeout_ms : std::min(limits.linger_timeout_ms, kGoodbyeMs));
  co_await stream.finish_writing(deadline);
  std::uint64_t discarded = 0;
  while (discarded < limits.linger_bytes_max && Clock::now() < deadline) {
    buffer.consume(buffer.data().size());
    const Stream::Transfer got = co_await stream.discard(buffer.space(), deadline);
    if (got.bytes == 0) co_return;
    discarded += got.bytes;
  }
}

}  // namespace muster::http
