// Bytes as hexadecimal text. Pure functions, safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace muster {

[[nodiscard]] std::string hex_upper(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string hex_lower(std::span<const std::uint8_t> bytes);

}  // namespace muster
