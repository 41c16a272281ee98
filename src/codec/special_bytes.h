// Finds the bytes that mean something to a CSV reader (comma, quote, LF, CR, backslash), 64 bytes
// at a time. The one place where the reader depends on the processor.
//
//   SpecialBytes specials(text);
//   for (auto at = specials.next(); at != text.size(); at = specials.next()) ...
//
// Internal to codec. Not thread-safe.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace muster::codec {

class SpecialBytes {
 public:
  // `text` must outlive the object.
  explicit SpecialBytes(std::string_view text) : text_(text) { load(); }

  // Position of the next special byte; the text's size when there is none (left).
  std::size_t next() {
    while (mask_ == 0) {
      if (text_.size() - block_ <= kBlock) return text_.size();
      block_ += kBlock;
      load();
    }
    const auto bit = static_cast<std::size_t>(std::countr_zero(mask_));
    mask_ &= mask_ - 1;
    return block_ + bit;
  }

 private:
  static constexpr std::size_t kBlock = 64;

  void load() {
    if (text_.size() - block_ >= kBlock) {
      mask_ = special_mask(text_.data() + block_);
      return;
    }
    char tail[kBlock] = {};  // zero bytes are not special
    std::memcpy(tail, text_.data() + block_, text_.size() - block_);
    mask_ = special_mask(tail);
  }

  // Bit n: block[n] is special.
  static std::uint64_t special_mask(const char* block) {
    return mask16(block) | mask16(block + 16) << 16U | mask16(block + 32) << 32U |
           mask16(block + 48) << 48U;
  }

  static std::uint64_t mask16(const char* bytes) {
#ifdef __SSE2__
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    const auto equal = [&](char c) { return _mm_cmpeq_epi8(text, _mm_set1_epi8(c)); };
    const __m128i comma_or_quote = _mm_or_si128(equal(','), equal('"'));
    const __m128i line_end = _mm_or_si128(equal('\n'), equal('\r'));
    const __m128i any = _mm_or_si128(_mm_or_si128(comma_or_quote, line_end), equal('\\'));
    return static_cast<std::uint16_t>(_mm_movemask_epi8(any));
#else
    std::uint64_t mask = 0;
    for (unsigned i = 0; i < 16; ++i) {
      const char c = bytes[i];
      const bool special = c == ',' || c == '"' || c == '\n' || c == '\r' || c == '\\';
      mask |= std::uint64_t{special} << i;
    }
    return mask;
#endif
  }

  std::string_view text_;
  std::size_t block_ = 0;
  std::uint64_t mask_ = 0;
};

}  // namespace muster::codec
