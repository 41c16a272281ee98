// Escapes of JSON strings, read. (json_escape.h writes them.)
//
//   const JsonEscape escape = parse_json_escape(text);   // text begins with a backslash
//
// Internal to codec. Pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace muster::codec {

// Eight bytes, so that it travels in a register.
struct JsonEscape {
  enum class Is : std::uint8_t { kWhole, kCut, kBroken };
  Is is;
  std::uint8_t size = 0;  // whole: its bytes; broken: the bytes before the wrong one
  std::uint32_t code_point = 0;
};

namespace internal {

inline constexpr JsonEscape kCut{JsonEscape::Is::kCut};

constexpr JsonEscape whole(std::size_t size, std::uint32_t code_point) {
  return {JsonEscape::Is::kWhole, static_cast<std::uint8_t>(size), code_point};
}

constexpr JsonEscape broken(std::size_t at) {
  return {JsonEscape::Is::kBroken, static_cast<std::uint8_t>(at)};
}

// The value of a hexadecimal digit, 0xFF for anything else.
inline constexpr auto kHexDigits = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(0xFF);
  for (std::uint8_t digit = 0; digit < 16; ++digit) {
    table[static_cast<unsigned char>("0123456789abcdef"[digit])] = digit;
    table[static_cast<unsigned char>("0123456789ABCDEF"[digit])] = digit;
  }
  return table;
}();

// The four digits of \uXXXX from `begin` on.
constexpr JsonEscape read_hex(std::string_view text, std::size_t begin) {
  const auto digit = [&](std::size_t i) -> std::uint32_t {
    return kHexDigits[static_cast<unsigned char>(text[begin + i])];
  };
  if (text.size() >= begin + 4) {
    const std::uint32_t unit = digit(0) << 12U | digit(1) << 8U | digit(2) << 4U | digit(3);
    if ((digit(0) | digit(1) | digit(2) | digit(3)) <= 0xF) return whole(begin + 4, unit);
  }
  for (std::size_t i = 0; begin + i < text.size(); ++i) {
    if (digit(i) > 0xF) return broken(begin + i);
  }
  return kCut;
}

constexpr bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

constexpr JsonEscape read_unicode_escape(std::string_view text) {
  const JsonEscape first = read_hex(text, 2);
  if (first.is != JsonEscape::Is::kWhole) return first;
  if (is_low_surrogate(first.code_point)) return broken(first.size - 1U);
  if (!is_high_surrogate(first.code_point)) return first;
  for (std::size_t at = first.size; at < first.size + 2U; ++at) {
    if (at >= text.size()) return kCut;
    if (text[at] != (at == first.size ? '\\' : 'u')) return broken(at);
  }
  const JsonEscape second = read_hex(text, first.size + 2U);
  if (second.is != JsonEscape::Is::kWhole) return second;
  if (!is_low_surrogate(second.code_point)) return broken(second.size - 1U);
  const std::uint32_t high = first.code_point - 0xD800;
  const std::uint32_t low = second.code_point - 0xDC00;
  return whole(second.size, 0x10000 + (high << 10U | low));
}

}  // namespace internal

// What a letter after a backslash means; 0 when nothing.
inline constexpr auto kShortJsonEscapes = [] {
  std::array<char, 256> table{};
  table['"'] = '"';
  table['\\'] = '\\';
  table['/'] = '/';
  table['b'] = '\b';
  table['f'] = '\f';
  table['n'] = '\n';
  table['r'] = '\r';
  table['t'] = '\t';
  return table;
}();

// REQUIRES: `text` begins with a backslash. The same text, longer, never turns from broken to
// anything else, nor from whole.
constexpr JsonEscape parse_json_escape(std::string_view text) {
  if (text.size() < 2) return internal::kCut;
  const char meaning = kShortJsonEscapes[static_cast<unsigned char>(text[1])];
  if (meaning != 0) return internal::whole(2, static_cast<std::uint32_t>(meaning));
  return text[1] == 'u' ? internal::read_unicode_escape(text) : internal::broken(1);
}

}  // namespace muster::codec
