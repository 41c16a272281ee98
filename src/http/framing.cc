#include "http/framing.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/limits.h"
#include "base/text.h"

namespace muster::http {
namespace {

// 15 hexadecimal digits stay far below 2^63, so no reader can overflow on a chunk size.
constexpr std::size_t kChunkDigitsMax = 15;

constexpr bool is_header_byte(char c) { return (c >= 0x20 && c <= 0x7E) || c == '\t'; }

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

constexpr bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr bool is_host_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(".-_~%:[]").contains(c);
}

std::optional<Refusal> check_request_line(std::string_view line) {
  if (line.empty()) return Refusal::kBlankLine;
  if (line.ends_with(" HTTP/1.1") || line.ends_with(" HTTP/1.0")) return std::nullopt;
  const auto blank = line.rfind(' ');
  const bool has_version =
      blank != std::string_view::npos && line.substr(blank + 1).starts_with("HTTP/");
  return has_version ? Refusal::kVersion : Refusal::kRequestLine;
}

}  // namespace

std::optional<Refusal> HeaderScan::advance(std::string_view received) {
  const std::size_t end = std::min(received.size(), limits::kHeaderBytesMax);
  while (position_ < end && !complete_) {
    const char c = received[position_];
    if (after_return_) {
      if (c != '\n') return Refusal::kBareCarriageReturn;
      const auto line = received.substr(line_start_, position_ - 1 - line_start_);
      if (const auto reason = end_line(line)) return reason;
    } else if (c == '\r') {
      after_return_ = true;
    } else if (c == '\n') {
      return Refusal::kBareLineFeed;
    } else if (position_ == line_start_ && is_blank(c)) {
      return line_start_ == 0 ? Refusal::kRequestLine : Refusal::kFoldedLine;
    } else if (!is_header_byte(c)) {
      return Refusal::kHeaderByte;
    }
    ++position_;
  }
  if (!complete_ && position_ == limits::kHeaderBytesMax) return Refusal::kHeaderTooLarge;
  return std::nullopt;
}

std::optional<Refusal> HeaderScan::end_line(std::string_view line) {
  if (line_start_ == 0) {
    if (const auto reason = check_request_line(line)) return reason;
  } else {
    complete_ = line.empty();
  }
  line_start_ = position_ + 1;
  after_return_ = false;
  return std::nullopt;
}

bool is_plain_target(std::string_view target) {
  return target.starts_with('/') &&
         std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
}

bool is_host(std::string_view value) {
  return !value.empty() && std::ranges::all_of(value, is_host_byte);
}

bool is_content_length(std::string_view value) {
  if (value.size() > 1 && value.starts_with('0')) return false;
  return parse_digits<std::int64_t>(value).has_value();
}

ChunkLine check_chunk_line(std::string_view input, bool after_data) {
  constexpr std::string_view kLineEnd = "\r\n";
  std::size_t at = 0;
  // Advances over a line end; false: not one. Running out of input counts as one so far.
  const auto skip_line_end = [&] {
    const auto found = input.substr(std::min(at, input.size()), kLineEnd.size());
    at += kLineEnd.size();
    return kLineEnd.starts_with(found);
  };

  if (after_data && !skip_line_end()) return {.refusal = Refusal::kChunkEnd};
  if (at >= input.size()) return {};
  const std::size_t digits_start = at;
  while (at < input.size() && is_hex_digit(input[at])) ++at;
  const auto digits = input.substr(digits_start, at - digits_start);
  if (digits.size() > kChunkDigitsMax) return {.refusal = Refusal::kChunkSize};
  if (at == input.size()) return {};
  if (digits.empty()) return {.refusal = Refusal::kChunkSize};
  if (is_blank(input[at]) || input[at] == ';') return {.refusal = Refusal::kChunkExtension};
  if (!skip_line_end()) return {.refusal = Refusal::kChunkSize};
  const bool last = digits.find_first_not_of('0') == std::string_view::npos;
  if (last && !skip_line_end()) return {.refusal = Refusal::kTrailer};
  return {.bytes = at <= input.size() ? at : 0};
}

}  // namespace muster::http
