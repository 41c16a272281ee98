#include "http/request_reader.h"

#include "base/limits.h"
#include "http/reply.h"

namespace muster::http {
namespace {

// So much of an unwanted body is read rather than the connection given up.
constexpr std::uint64_t kSkippedBytesMax = limits::kBodyChunkBytes;

}  // namespace

ReadEnd RequestReader::refused(Refusal reason) {
  out_of_step_ = true;
  return {ReadEnd::kRefused, reason};
}

// Nothing when bytes came.
Awaitable<std::optional<ReadEnd>> RequestReader::receive(TimePoint deadline, Refusal when_late) {
  const Stream::Transfer got = co_await stream_.read(buffer_.space(), deadline);
  buffer_.commit(got.bytes);
  if (got.bytes > 0) co_return std::nullopt;
  stalled_ = true;
  if (got.timed_out) co_return refused(when_late);
  co_return ReadEnd{ReadEnd::kGone};
}

Awaitable<ReadEnd> RequestReader::read_header() {
  std::optional<TimePoint> deadline;  // from the first wait: most headers come in one piece
  for (;;) {
    const RequestParser::Step step = parser_.next(buffer_.data());
    if (step.refusal) co_return refused(*step.refusal);
    buffer_.consume(step.consumed);
    if (parser_.header_done()) co_return ReadEnd{};
    if (!deadline) deadline = after_ms(limits_.header_timeout_ms);
    const auto end = co_await receive(*deadline, Refusal::kHeaderTimeout);
    if (end) co_return *end;
  }
}

Awaitable<ReadEnd> RequestReader::read_body(Exchange& exchange, std::uint64_t bytes_max) {
  const std::uint64_t limit = bytes_max > 0 ? bytes_max : kSkippedBytesMax;
  if (request_.content_length.value_or(0) > limit) {
    co_return ReadEnd{ReadEnd::kRefused, Refusal::kBodyTooLarge};
  }
  // Who has sent a part of the body already does not wait for the word.
  if (parser_.expects_continue() && !parser_.done() && buffer_.empty()) {
    const bool sent = co_await send_continue(stream_, limits_);
    if (!sent) co_return ReadEnd{ReadEnd::kGone};
  }
  while (!parser_.done()) {
    const RequestParser::Step step = parser_.next(buffer_.data());
    if (step.refusal) co_return refused(*step.refusal);
    buffer_.consume(step.consumed);  // the piece stays valid: nothing is received meanwhile
    std::optional<ReadEnd> end = hand_over(step.body, exchange, bytes_max);
    if (!end && step.consumed == 0) {
      end = co_await receive_body();
    }
    if (end) co_return *end;
  }
  co_return ReadEnd{};
}

// Nothing when the reading goes on.
std::optional<ReadEnd> RequestReader::hand_over(std::string_view piece, Exchange& exchange,
                                                std::uint64_t bytes_max) {
  if (piece.empty()) return std::nullopt;
  body_bytes_ += piece.size();
  if (body_bytes_ > (bytes_max > 0 ? bytes_max : kSkippedBytesMax)) {
    return ReadEnd{ReadEnd::kRefused, Refusal::kBodyTooLarge};
  }
  if (bytes_max == 0 || exchange.on_body(piece)) return std::nullopt;
  return ReadEnd{ReadEnd::kEnough};
}

Awaitable<std::optional<ReadEnd>> RequestReader::receive_body() {
  if (!body_rate_) body_rate_.emplace(limits_.body_bytes_per_second_min, limits_.read_timeout_ms);
  const std::uint64_t before = buffer_.data().size();
  auto end = co_await receive(body_rate_->deadline(), Refusal::kBodyTimeout);
  body_rate_->count(buffer_.data().size() - before);
  co_return end;
}

Awaitable<bool> RequestReader::skip_rest() {
  while (!parser_.done()) {
    const RequestParser::Step step = parser_.next(buffer_.data());
    if (step.refusal) co_return false;
    buffer_.consume(step.consumed);
    body_bytes_ += step.body.size();
    if (step.consumed > 0) continue;
    const auto end = co_await receive_body();
    if (end) co_return false;
  }
  co_return true;
}

bool RequestReader::may_continue() const {
  if (out_of_step_ || !parser_.header_done() || !parser_.wants_keep_alive()) return false;
  if (parser_.done()) return true;
  // After Expect the client may leave the body out, once it has a final answer.
  return !parser_.expects_continue() &&
         parser_.body_remaining().value_or(kSkippedBytesMax + 1) <= kSkippedBytesMax;
}

bool RequestReader::more_may_come() const {
  if (stalled_) return false;
  return out_of_step_ || !parser_.done() || !buffer_.empty();
}

}  // namespace muster::http
