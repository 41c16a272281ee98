// A fixed number of texts in one allocation: where each ends, then their bytes. No text set: no
// allocation, so an object costs 8 bytes beyond its texts' own.
//
//   auto texts = packed.all();
//   texts[3] = "Director";
//   packed.pack(texts);
//
// Not thread-safe; as a constant safe from any thread.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "base/assert.h"

namespace muster::directory {

template <std::size_t kCount>
class PackedTexts {
 public:
  // A text by its index; empty = not set.
  using Views = std::array<std::string_view, kCount>;

  PackedTexts() = default;
  PackedTexts(const PackedTexts& other) { copy(other); }
  PackedTexts(PackedTexts&&) noexcept = default;
  PackedTexts& operator=(PackedTexts&&) noexcept = default;
  PackedTexts& operator=(const PackedTexts& other) {
    if (this != &other) copy(other);
    return *this;
  }
  ~PackedTexts() = default;

  // The view lives until the texts change.
  [[nodiscard]] std::string_view get(std::size_t index) const {
    if (!block_) return {};
    const std::size_t begin = index == 0 ? 0 : end(index - 1);
    return {block_.get() + kEndsBytes + begin, end(index) - begin};
  }

  [[nodiscard]] Views all() const {
    Views texts;
    for (std::size_t i = 0; i < kCount; ++i) texts[i] = get(i);
    return texts;
  }

  // Replaces all of them; they may be views of the present ones. REQUIRES: less than 64 KiB in all.
  void pack(const Views& texts) {
    std::size_t bytes = 0;
    for (const std::string_view text : texts) bytes += text.size();
    MUSTER_ASSERT(bytes <= std::numeric_limits<std::uint16_t>::max());
    if (bytes == 0) return block_.reset();
    auto block = std::make_unique_for_overwrite<char[]>(kEndsBytes + bytes);
    std::uint16_t end = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
      // memcpy() may not be given the null pointer of an empty view.
      if (!texts[i].empty()) {
        std::memcpy(block.get() + kEndsBytes + end, texts[i].data(), texts[i].size());
      }
      end = static_cast<std::uint16_t>(end + texts[i].size());
      std::memcpy(block.get() + i * sizeof end, &end, sizeof end);
    }
    block_ = std::move(block);
  }

  // The bit of every text that is another one in `other`: one walk over both, for whom any may be.
  [[nodiscard]] std::bitset<kCount> differing(const PackedTexts& other) const {
    std::bitset<kCount> bits;
    if (!block_ || !other.block_) {
      for (std::size_t i = 0; i < kCount; ++i) bits[i] = get(i) != other.get(i);
      return bits;
    }
    const char* mine = block_.get() + kEndsBytes;
    const char* theirs = other.block_.get() + kEndsBytes;
    std::size_t my_begin = 0;
    std::size_t their_begin = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
      const std::size_t my_end = end(i);
      const std::size_t their_end = other.end(i);
      const std::size_t size = my_end - my_begin;
      bits[i] = size != their_end - their_begin ||
                std::memcmp(mine + my_begin, theirs + their_begin, size) != 0;
      my_begin = my_end;
      their_begin = their_end;
    }
    return bits;
  }

  // Brings the texts near the processor while the caller does something else.
  void prefetch() const {
    constexpr std::size_t kLine = 64;
    constexpr std::size_t kUsualLines = 6;
    for (std::size_t line = 0; line < kUsualLines; ++line) {
      __builtin_prefetch(block_.get() + line * kLine);
    }
  }

  friend bool operator==(const PackedTexts& a, const PackedTexts& b) {
    if (!a.block_ || !b.block_) return a.block_ == b.block_;
    return a.size() == b.size() && std::memcmp(a.block_.get(), b.block_.get(), a.size()) == 0;
  }

 private:
  static constexpr std::size_t kEndsBytes = kCount * sizeof(std::uint16_t);

  [[nodiscard]] std::size_t end(std::size_t index) const {
    std::uint16_t end = 0;
    std::memcpy(&end, block_.get() + index * sizeof end, sizeof end);
    return end;
  }

  [[nodiscard]] std::size_t size() const { return kEndsBytes + end(kCount - 1); }

  void copy(const PackedTexts& other) {
    if (!other.block_) return block_.reset();
    auto block = std::make_unique_for_overwrite<char[]>(other.size());
    std::memcpy(block.get(), other.block_.get(), other.size());
    block_ = std::move(block);
  }

  std::unique_ptr<char[]> block_;
};

}  // namespace muster::directory
