// The byte rules of the guard: which header blocks, values and chunk lines may reach the parser.
//
//   HeaderScan scan;
//   if (auto reason = scan.advance(received)) refuse(*reason);
//   if (scan.complete()) parse(received.substr(0, scan.size()));
//
// Pure functions on bytes, no library behind them: they stand in front of the library's parser,
// which joins folded lines, takes any target, keeps trailers and chunk extensions, and answers
// differently when the same bytes arrive in other pieces (docs/adr/0004). RFC 9112 2-7.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "http/refusal.h"

namespace muster::http {

// Looks at every byte of a header block once, however it arrives, and finds its end.
class HeaderScan {
 public:
  // `received` starts at the request's first byte and grows from call to call.
  // The reason when the block must be refused; the scan is over then.
  [[nodiscard]] std::optional<Refusal> advance(std::string_view received);

  [[nodiscard]] bool complete() const { return complete_; }
  // Bytes of the block, its blank line included. REQUIRES: complete().
  [[nodiscard]] std::size_t size() const { return position_; }

 private:
  [[nodiscard]] std::optional<Refusal> end_line(std::string_view line);

  std::size_t position_ = 0;    // next byte to look at
  std::size_t line_start_ = 0;  // of the line that position_ is in
  bool after_return_ = false;   // the byte before position_ is a carriage return
  bool complete_ = false;
};

// "/" and then visible ASCII without "#".
[[nodiscard]] bool is_plain_target(std::string_view target);

// A host name or address with an optional port; no blank, no list.
[[nodiscard]] bool is_host(std::string_view value);

// Digits without a leading zero, not above 2^63 - 1: what every reader takes for the same number.
[[nodiscard]] bool is_content_length(std::string_view value);

// The line that opens a chunk, with the line end of the chunk before it; for the last chunk also
// the blank line that ends the body. `bytes` is its length, 0 when more input is needed: a line is
// never longer than a few bytes, so waiting for the whole of it costs nothing.
struct ChunkLine {
  std::size_t bytes = 0;
  std::optional<Refusal> refusal = {};
};
[[nodiscard]] ChunkLine check_chunk_line(std::string_view input, bool after_data);

}  // namespace muster::http
