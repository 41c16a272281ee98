#include "store/embedded/checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>

namespace muster::store {

std::int64_t checksum(std::string_view text, std::int64_t start) {
  return std::bit_cast<std::int64_t>(
      XXH3_64bits_withSeed(text.data(), text.size(), std::bit_cast<std::uint64_t>(start)));
}

std::int64_t checksum(std::span<const std::int64_t> numbers, std::int64_t start) {
  return std::bit_cast<std::int64_t>(XXH3_64bits_withSeed(numbers.data(), numbers.size_bytes(),
                                                          std::bit_cast<std::uint64_t>(start)));
}

}  // namespace muster::store
