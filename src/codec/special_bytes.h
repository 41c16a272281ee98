// Finds the bytes that mean something to a CSV reader (comma, quote, LF, CR, backslash), 64 bytes
// at a time, and where runs of the same byte end. The one place where that reader depends on the
// processor.
//
//   SpecialBytes specials(text);
//   for (auto at = specials.next(); at != text.size(); at = specials.next()) ...
//   specials.go_on_at(at);   // nothing before `at` is of interest any more
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

// Where some bytes stand in a block: bit n for block[n].
struct ByteMask {
  static constexpr std::size_t kBlock = 64;

  template <char... kWanted>
  static std::uint64_t of(const char* block) {
    return of16<kWanted...>(block) | of16<kWanted...>(block + 16) << 16U |
           of16<kWanted...>(block + 32) << 32U | of16<kWanted...>(block + 48) << 48U;
  }

  // Whether of() would be 0. Much faster, for text in which that is mostly so.
  template <char... kWanted>
  static bool none_of(const char* block) {
#ifdef __SSE2__
    const __m128i any = _mm_or_si128(
        _mm_or_si128(equal16<kWanted...>(block), equal16<kWanted...>(block + 16)),
        _mm_or_si128(equal16<kWanted...>(block + 32), equal16<kWanted...>(block + 48)));
    return _mm_movemask_epi8(any) == 0;
#else
    return of<kWanted...>(block) == 0;
#endif
  }

 private:
#ifdef __SSE2__
  template <char... kWanted>
  static __m128i equal16(const char* bytes) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    __m128i any = _mm_setzero_si128();
    ((any = _mm_or_si128(any, _mm_cmpeq_epi8(text, _mm_set1_epi8(kWanted)))), ...);
    return any;
  }
#endif

  template <char... kWanted>
  static std::uint64_t of16(const char* bytes) {
#ifdef __SSE2__
    return static_cast<std::uint16_t>(_mm_movemask_epi8(equal16<kWanted...>(bytes)));
#else
    std::uint64_t mask = 0;
    for (unsigned i = 0; i < 16; ++i) mask |= std::uint64_t{((bytes[i] == kWanted) || ...)} << i;
    return mask;
#endif
  }
};

// Where the run of the byte at `at` ends. REQUIRES: at < text.size().
inline std::size_t run_end(std::string_view text, std::size_t at) {
  const char byte = text[at];
  std::size_t end = at + 1;
#ifdef __SSE2__
  const __m128i run = _mm_set1_epi8(byte);
  for (; text.size() - end >= 16; end += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + end));
    const auto same = static_cast<std::uint16_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, run)));
    if (same != 0xFFFF) return end + static_cast<std::size_t>(std::countr_one(same));
  }
#endif
  while (end != text.size() && text[end] == byte) ++end;
  return end;
}

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

  // REQUIRES: not before the last position given, at most the text's size.
  void go_on_at(std::size_t at) {
    if (at - block_ >= kBlock) {
      block_ = at;
      return load();
    }
    mask_ &= ~std::uint64_t{0} << (at - block_);
  }

 private:
  static constexpr std::size_t kBlock = ByteMask::kBlock;

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
    return ByteMask::of<',', '"', '\n', '\r', '\\'>(block);
  }

  std::string_view text_;
  std::size_t block_ = 0;
  std::uint64_t mask_ = 0;
};

}  // namespace muster::codec
