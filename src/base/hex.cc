#include "base/hex.h"

#include <string_view>

namespace muster {
namespace {

std::string spell(std::span<const std::uint8_t> bytes, std::string_view digits) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 0x0FU];
  }
  return text;
}

}  // namespace

std::string hex_upper(std::span<const std::uint8_t> bytes) {
  return spell(bytes, "0123456789ABCDEF");
}

std::string hex_lower(std::span<const std::uint8_t> bytes) {
  return spell(bytes, "0123456789abcdef");
}

}  // namespace muster
