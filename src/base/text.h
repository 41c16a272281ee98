// Small text helpers that the standard library lacks. Pure functions, safe from any thread.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

// Without blanks and tabs at both ends (ASCII). The view points into `text`.
[[nodiscard]] std::string_view trim(std::string_view text);

// ASCII letters to lower case, all other bytes kept: the fold of user names,
// header names and column names.
[[nodiscard]] std::string ascii_lower(std::string_view text);
// Not empty, ASCII letters, digits and '_' only: what names in the API are made of.
[[nodiscard]] bool is_word(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

// Number of Unicode code points. REQUIRES: valid UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text);

// `text` shortened to limits::kMessageTextBytesMax on a code point boundary, with "..." when cut:
// for quoting a client's text in a message or a log line.
[[nodiscard]] std::string excerpt(std::string_view text);
// excerpt() with question marks for control characters but tabs and line ends: six bytes in JSON.
[[nodiscard]] std::string printable_excerpt(std::string_view text);

// The whole of `text` as a decimal integer: digits only, no sign, no blank, no overflow.
template <typename Integer>
[[nodiscard]] std::optional<Integer> parse_digits(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace muster
