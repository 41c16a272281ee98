// What the CSV and the JSON reader share: the byte order mark, the UTF-8 gate, the empty body, and
// the rule that a reader that failed stays failed.
//
// Text before a broken code point is handed on (and may fail) before that is reported. That makes
// the result the same for every split into chunks.
// Not thread-safe: one reader per request.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "codec/record.h"
#include "codec/utf8_gate.h"

namespace muster::codec {

class BodyReader : public RecordReader {
 public:
  // kInvalidData for UTF-16 and broken UTF-8 (naming the byte offset), else what the format says.
  [[nodiscard]] Result<void> feed(std::string_view chunk) final;
  [[nodiscard]] Result<void> finish() final;

 protected:
  // Valid UTF-8 without the byte order mark; code points may be cut between calls, but a part of
  // one comes only when the rest is there. `offset` is the place of its first byte in the body.
  [[nodiscard]] virtual Result<void> parse(std::string_view text, std::uint64_t offset) = 0;
  [[nodiscard]] virtual Result<void> parse_end() = 0;

 private:
  [[nodiscard]] Result<void> feed_start(std::string_view& chunk);
  [[nodiscard]] Result<void> feed_text(std::string_view text);
  [[nodiscard]] Result<void> hand_on(std::string_view text);
  [[nodiscard]] Result<void> end();

  Utf8Gate gate_;
  std::uint64_t offset_ = 0;  // of the next byte to parse, in the body
  std::uint64_t mark_bytes_ = 0;
  std::string open_;  // the code point that the last chunk cut in two
  // The body's first bytes, held until it is clear whether they are a byte order mark.
  std::array<char, 3> start_{};
  std::size_t start_size_ = 0;
  bool start_decided_ = false;
  std::optional<Error> failure_;
};

}  // namespace muster::codec
