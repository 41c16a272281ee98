// Steps over the two kinds of long runs in a JSON text, 16 or 64 bytes at a time: the plain bytes
// of a string, and the blanks between tokens. Besides special_bytes.h the one place where a reader
// depends on the processor.
//
// Internal to codec. Pure functions.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace muster::codec {

constexpr bool is_json_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Ends the plain part of a string: its closing quote, an escape, or a control character.
constexpr bool ends_plain_text(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

#ifdef __SSE2__
namespace internal {

inline __m128i load16(const char* at) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

inline __m128i equal16(__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); }

inline __m128i plain_text_ends(__m128i bytes) {
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  return _mm_or_si128(_mm_or_si128(equal16(bytes, '"'), equal16(bytes, '\\')), control);
}

inline unsigned ends_plain_text(__m128i bytes) {
  return static_cast<unsigned>(_mm_movemask_epi8(plain_text_ends(bytes)));
}

inline unsigned are_no_blanks(__m128i bytes) {
  const __m128i blank = _mm_or_si128(_mm_or_si128(equal16(bytes, ' '), equal16(bytes, '\n')),
                                     _mm_or_si128(equal16(bytes, '\r'), equal16(bytes, '\t')));
  return static_cast<unsigned>(_mm_movemask_epi8(blank)) ^ 0xFFFFU;
}

}  // namespace internal
#endif

// The first byte at or after `at` that ends the plain part of a string; `end` when there is none.
inline const char* find_plain_text_end(const char* at, const char* end) {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const unsigned found = internal::ends_plain_text(internal::load16(at));
    if (found != 0) return at + std::countr_zero(found);
  }
#endif
  while (at != end && !ends_plain_text(*at)) ++at;
  return at;
}

// A place at or before that byte, found 64 bytes at a time: for text of which a lot is expected.
inline const char* skip_plain_blocks(const char* at, const char* end) {
#ifdef __SSE2__
  const auto ends = [](const char* bytes) {
    return internal::plain_text_ends(internal::load16(bytes));
  };
  for (; end - at >= 64; at += 64) {
    const __m128i any = _mm_or_si128(_mm_or_si128(ends(at), ends(at + 16)),
                                     _mm_or_si128(ends(at + 32), ends(at + 48)));
    if (_mm_movemask_epi8(any) != 0) break;
  }
#endif
  return at;
}

// The first byte at or after `at` that is no blank; `end` when there is none.
inline const char* skip_json_blanks(const char* at, const char* end) {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const unsigned found = internal::are_no_blanks(internal::load16(at));
    if (found != 0) return at + std::countr_zero(found);
  }
#endif
  while (at != end && is_json_blank(*at)) ++at;
  return at;
}

// Whether the bytes at `at` are those of `text`. Inline, unlike memcmp(), and for short texts:
// reads of eight bytes, the last two of which overlap. REQUIRES: that many bytes at `at`.
inline bool same_bytes(const char* at, std::string_view text) {
  const char* expected = text.data();
  if (text.size() < 8) return std::equal(expected, expected + text.size(), at);
  const auto differ = [&](std::size_t i) {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::memcpy(&a, at + i, sizeof a);
    std::memcpy(&b, expected + i, sizeof b);
    return a ^ b;
  };
  std::uint64_t difference = differ(text.size() - 8);
  for (std::size_t i = 0; i + 8 < text.size(); i += 8) difference |= differ(i);
  return difference == 0;
}

}  // namespace muster::codec
