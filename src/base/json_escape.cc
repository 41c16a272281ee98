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

#ifdef __SSE2__
// A bit for each byte that cannot stand in a JSON string as it is.
unsigned special_bytes(__m128i bytes) {
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  return static_cast<unsigned>(
      _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control)));
}

__m128i load(const char* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }

__m128i load_half(const char* from) {
  return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
}

void store(char* to, __m128i bytes) { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes); }

void store_half(char* to, __m128i bytes) {
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to), bytes);
}
#endif

// Copies text up to its first special byte, whose position is returned; what lies behind it in `to`
// is not specified, up to the length of the text. Most texts have none, and looking at a text while
// it is copied costs no more than copying it.
std::size_t copy_plain(char* to, std::string_view text) {
  const char* const from = text.data();
  const std::size_t size = text.size();
  std::size_t at = 0;
#ifdef __SSE2__
  constexpr std::size_t kBlock = 16;
  constexpr std::size_t kHalf = 8;
  constexpr unsigned kHalfBits = 0xFF;
  const auto position = [](std::size_t begin, unsigned special) {
    return begin + static_cast<std::size_t>(std::countr_zero(special));
  };
  while (at + kBlock <= size) {
    const __m128i bytes = load(from + at);
    store(to + at, bytes);
    if (const unsigned special = special_bytes(bytes); special != 0) return position(at, special);
    at += kBlock;
  }
  for (; at + kHalf <= size; at += kHalf) {
    const __m128i bytes = load_half(from + at);
    store_half(to + at, bytes);
    const unsigned special = special_bytes(bytes) & kHalfBits;
    if (special != 0) return position(at, special);
  }
#endif
  for (; at < size && kEscapes[static_cast<unsigned char>(from[at])] == 0; ++at) to[at] = from[at];
  return at;
}

}  // namespace

void append_json_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t start = out.size();
    std::size_t plain = 0;
    out.resize_and_overwrite(start + text.size(), [&](char* bytes, std::size_t) {
      plain = copy_plain(bytes + start, text);
      return start + plain;
    });
    if (plain == text.size()) return;
    const auto c = static_cast<unsigned char>(text[plain]);
    append_escape(out, c, kEscapes[c]);
    text.remove_prefix(plain + 1);
  }
}

void append_json_string(std::string& out, std::string_view text) {
  const std::size_t start = out.size();
  std::size_t plain = 0;
  out.resize_and_overwrite(start + text.size() + 2, [&](char* bytes, std::size_t) {
    char* to = bytes + start;
    *to++ = '"';
    plain = copy_plain(to, text);
    to += plain;
    if (plain == text.size()) *to++ = '"';
    return static_cast<std::size_t>(to - bytes);
  });
  if (plain == text.size()) return;
  append_json_escaped(out, text.substr(plain));
  out.push_back('"');
}

}  // namespace muster
