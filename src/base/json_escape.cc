#include "base/json_escape.h"

#include <array>
#include <bit>
#include <cstddef>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace muster {
namespace {

// The letter after the backslash; 'u' for control characters without a short form; 0: as it is.
constexpr auto kEscapes = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

void append_escape(std::string& out, unsigned char c, char letter) {
  out.push_back('\\');
  out.push_back(letter);
  if (letter != 'u') return;
  constexpr std::string_view kHex = "0123456789abcdef";
  out.append("00");
  out.push_back(kHex[c >> 4U]);
  out.push_back(kHex[c & 0xFU]);
}

}  // namespace

std::size_t find_json_special(std::string_view text) {
  std::size_t at = 0;
#ifdef __SSE2__
  // Most texts have none, so 16 bytes are looked at together.
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    const int special = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control));
    if (special != 0) {
      return at + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(special)));
    }
  }
#endif
  while (at < text.size() && kEscapes[static_cast<unsigned char>(text[at])] == 0) ++at;
  return at;
}

void append_json_escaped(std::string& out, std::string_view text) {
  while (true) {
    const std::size_t run = find_json_special(text);
    out.append(text.substr(0, run));
    if (run == text.size()) return;
    const auto c = static_cast<unsigned char>(text[run]);
    append_escape(out, c, kEscapes[c]);
    text.remove_prefix(run + 1);
  }
}

}  // namespace muster
