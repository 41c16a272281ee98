// Streaming UTF-8 validation: finds the first byte that cannot continue valid text, whatever the
// split into chunks. Overlong forms, surrogates and code points above U+10FFFF are broken.
//
//   Utf8Gate gate;
//   const std::size_t good = gate.accept(chunk);   // < chunk.size(): broken at gate.offset()
//   if (!gate.at_boundary()) ...                   // after the last chunk: the text is cut
//
// Runs at memory speed on valid text. Not thread-safe: one gate per body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace muster::codec {

class Utf8Gate {
 public:
  // Number of leading bytes of `chunk` that continue valid text; the rest was not looked at.
  // REQUIRES: no earlier call returned less than its chunk's size.
  [[nodiscard]] std::size_t accept(std::string_view chunk);

  // False while the text ends in the middle of a code point.
  [[nodiscard]] bool at_boundary() const { return missing_ == 0; }

  // Bytes at the end of what was accepted that begin a code point and do not complete it.
  [[nodiscard]] std::size_t open_bytes() const { return started_; }

  // Offset in the whole text where the code point starts that is incomplete or broken;
  // the number of bytes accepted when there is none.
  [[nodiscard]] std::uint64_t offset() const { return accepted_ - started_; }

 private:
  bool step(unsigned char byte);
  std::size_t accept_slowly(std::string_view text);

  std::uint64_t accepted_ = 0;
  // The code point being read: bytes seen, bytes to come, and the range of the next byte.
  unsigned started_ = 0;
  unsigned missing_ = 0;
  unsigned char low_ = 0x80;
  unsigned char high_ = 0xBF;
};

// Offset of the first broken code point of a whole text; its size when all is valid.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace muster::codec
