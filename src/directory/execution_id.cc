#include "directory/execution_id.h"

#include <array>
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "base/hex.h"

namespace muster::directory {

std::string make_uuid_v7(Timestamp now, RandomSource& random) {
  const auto since_epoch = now.time_since_epoch().count();
  MUSTER_ASSERT(since_epoch >= 0);
  auto milliseconds = static_cast<std::uint64_t>(since_epoch);

  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 6; i-- > 0; milliseconds >>= 8U) {
    bytes[i] = static_cast<std::uint8_t>(milliseconds & 0xFFU);
  }
  random.fill(std::span(bytes).subspan(6));
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x70U);  // version 7
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);  // variant of RFC 9562

  std::string text = hex_lower(bytes);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, 1, '-');
  return text;
}

}  // namespace muster::directory
