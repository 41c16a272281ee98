// The beginning of a text, cut between code points. Internal to codec.
#pragma once

#include <cstddef>
#include <string_view>

namespace muster::codec {

// At most `size_max` bytes of `text`. REQUIRES: valid UTF-8 (its end may be cut).
[[nodiscard]] constexpr std::string_view cut_text(std::string_view text, std::size_t size_max) {
  if (text.size() <= size_max) return text;
  std::size_t end = size_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace muster::codec
