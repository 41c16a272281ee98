#include "http/reply.h"

#include <algorithm>

namespace muster::http {

Awaitable<bool> send_response(Stream& stream, const Response& response, Persistence persistence,
                              BodySent body_sent, const ServerLimits& limits) {
  const std::string head_text = response_head(response, persistence, http_date());
  std::string_view head = head_text;
  std::string_view body;
  if (body_sent == BodySent::kYes && !is_bodiless(response.status)) body = response.body;

  const TimePoint started = Clock::now();
  std::int64_t sent = 0;
  while (!head.empty() || !body.empty()) {
    const auto earned_ms = limits.write_timeout_ms + sent * 1000 / limits.body_bytes_per_second_min;
    const TimePoint deadline =
        std::min(after_ms(limits.write_timeout_ms), started + std::chrono::milliseconds(earned_ms));
    const Stream::Transfer taken = co_await stream.write(head, body, deadline);
    if (taken.bytes == 0) co_return false;
    sent += static_cast<std::int64_t>(taken.bytes);
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

Awaitable<void> close_gracefully(Stream& stream) {
  constexpr std::int64_t kCloseNotifyMs = 1000;  // how long to wait for the client's TLS goodbye
  co_await stream.finish_writing(after_ms(kCloseNotifyMs));
}

Awaitable<void> linger(Stream& stream, ReadBuffer& buffer, const ServerLimits& limits) {
  const TimePoint deadline = after_ms(limits.linger_timeout_ms);
  co_await stream.finish_writing(deadline);
  std::uint64_t discarded = 0;
  while (discarded < limits.linger_bytes_max) {
    buffer.consume(buffer.data().size());
    const Stream::Transfer got = co_await stream.discard(buffer.space(), deadline);
    if (got.bytes == 0) co_return;
    discarded += got.bytes;
  }
}

}  // namespace muster::http
