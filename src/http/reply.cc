#include "http/reply.h"

#include <algorithm>

#include "http/minimum_rate.h"

namespace muster::http {

Awaitable<bool> send_response(Stream& stream, const Response& response, Persistence persistence,
                              BodySent body_sent, const ServerLimits& limits) {
  const std::string head_text = response_head(response, persistence, http_date());
  std::string_view head = head_text;
  std::string_view body;
  if (body_sent == BodySent::kYes && !is_bodiless(response.status)) body = response.body;

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
