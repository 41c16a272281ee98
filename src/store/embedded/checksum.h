// Guards rows against what the disk did to them. Chained: the checksum of a journal row starts
// from that of the row before, so a row that is lost or out of place shows as well.
// Not against tampering: it is no cryptographic hash. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace muster::store {

[[nodiscard]] std::int64_t checksum(std::string_view text, std::int64_t start = 0);
[[nodiscard]] std::int64_t checksum(std::span<const std::int64_t> numbers, std::int64_t start);

}  // namespace muster::store
