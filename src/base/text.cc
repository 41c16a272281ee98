#include "base/text.h"

#include <algorithm>

#include "base/limits.h"

namespace muster {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

constexpr bool is_word_character(char c) {
  const char folded = lower(c);
  return (folded >= 'a' && folded <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// Neither printable nor a blank, tab or line end.
constexpr bool is_control(char c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
}

}  // namespace

std::string_view trim(std::string_view text) {
  // Most texts have nothing to trim, and find_first_not_of() searches its set for each character.
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string ascii_lower(std::string_view text) {
  std::string folded(text);
  std::ranges::transform(folded, folded.begin(), lower);
  return folded;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_word_character);
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

std::string excerpt(std::string_view text) {
  if (text.size() <= limits::kMessageTextBytesMax) return std::string(text);
  std::size_t end = limits::kMessageTextBytesMax;
  while (end > 0 && is_continuation(text[end])) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string printable_excerpt(std::string_view text) {
  std::string shown = excerpt(text);
  std::ranges::replace_if(shown, is_control, '?');
  return shown;
}

}  // namespace muster
