// The grammar of JSON numbers, byte by byte (RFC 8259 section 6).
//
//   JsonNumber read = JsonNumber::kNone;
//   for (char c : text) read = json_number_after(read, c);   // kNone: not a number
//   is_whole_json_number(read)
//
// Internal to codec. Pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace muster::codec {

// The part of a number that was read last.
enum class JsonNumber : std::uint8_t {
  kNone,  // before a number; or: no number goes on like this
  kMinus,
  kZero,
  kInteger,
  kPoint,
  kFraction,
  kExponent,  // the "e"
  kSign,
  kPower,
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

namespace internal {

constexpr JsonNumber grammar(JsonNumber read, char c) {
  switch (read) {
    case JsonNumber::kNone:
      if (c == '-') return JsonNumber::kMinus;
      [[fallthrough]];
    case JsonNumber::kMinus:
      if (c == '0') return JsonNumber::kZero;
      return is_digit(c) ? JsonNumber::kInteger : JsonNumber::kNone;
    case JsonNumber::kInteger:
      if (is_digit(c)) return JsonNumber::kInteger;
      [[fallthrough]];
    case JsonNumber::kZero:
      if (c == '.') return JsonNumber::kPoint;
      return c == 'e' || c == 'E' ? JsonNumber::kExponent : JsonNumber::kNone;
    case JsonNumber::kPoint:
      return is_digit(c) ? JsonNumber::kFraction : JsonNumber::kNone;
    case JsonNumber::kFraction:
      if (is_digit(c)) return JsonNumber::kFraction;
      return c == 'e' || c == 'E' ? JsonNumber::kExponent : JsonNumber::kNone;
    case JsonNumber::kExponent:
      if (c == '+' || c == '-') return JsonNumber::kSign;
      [[fallthrough]];
    case JsonNumber::kSign:
    case JsonNumber::kPower:
      return is_digit(c) ? JsonNumber::kPower : JsonNumber::kNone;
  }
  return JsonNumber::kNone;
}

inline constexpr auto kGrammar = [] {
  std::array<std::array<JsonNumber, 256>, 9> table{};
  for (std::size_t read = 0; read < table.size(); ++read) {
    for (std::size_t c = 0; c < 256; ++c) {
      table[read][c] = grammar(static_cast<JsonNumber>(read), static_cast<char>(c));
    }
  }
  return table;
}();

}  // namespace internal

// The part `c` belongs to. A table, because bodies may consist of short numbers.
constexpr JsonNumber json_number_after(JsonNumber read, char c) {
  return internal::kGrammar[static_cast<std::size_t>(read)][static_cast<unsigned char>(c)];
}

constexpr bool is_whole_json_number(JsonNumber read) {
  return read == JsonNumber::kZero || read == JsonNumber::kInteger ||
         read == JsonNumber::kFraction || read == JsonNumber::kPower;
}

}  // namespace muster::codec
