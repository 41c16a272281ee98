#include "directory/value_rules.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace muster::directory {
namespace {

constexpr std::uint64_t kEveryByte = 0x0101010101010101ULL;
constexpr std::uint64_t kHighBits = 0x80 * kEveryByte;

// True when one of eight bytes may belong to a character XML 1.0 does not know: a control
// character, or the lead byte of U+F000 to U+FFFF. Every cell of a batch passes here, and almost
// none needs the slow look.
constexpr bool is_suspicious(std::uint64_t bytes) {
  const std::uint64_t below_blank = (bytes - 0x20 * kEveryByte) & ~bytes & kHighBits;
  const std::uint64_t lead = bytes ^ (0xEF * kEveryByte);
  const std::uint64_t has_lead = (lead - kEveryByte) & ~lead & kHighBits;
  return (below_blank | has_lead) != 0;
}

bool is_suspicious(std::string_view text) {
  std::uint64_t bytes = 0;
  while (text.size() >= sizeof bytes) {
    std::memcpy(&bytes, text.data(), sizeof bytes);
    if (is_suspicious(bytes)) return true;
    text.remove_prefix(sizeof bytes);
  }
  bytes = 0x20 * kEveryByte;
  if (!text.empty()) std::memcpy(&bytes, text.data(), text.size());
  return is_suspicious(bytes);
}

// Length of the forbidden character at the start of `text`; 0 when it is a fine one.
std::size_t forbidden_length(std::string_view text) {
  const char c = text.front();
  if (static_cast<unsigned char>(c) < 0x20) return c == '\t' || c == '\n' || c == '\r' ? 0 : 1;
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF") ? 3 : 0;
}

// The other control characters are gone before a value is judged, but TAB, LF and CR.
bool is_blank_or_control(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; }

// U+0080 to U+009F.
bool has_c1_control(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i - 1] == '\xC2' && static_cast<unsigned char>(text[i]) < 0xA0) return true;
  }
  return false;
}

std::string bracketed(std::string_view before, std::string_view text, std::string_view after) {
  std::string message(before);
  message += '[';
  message += text;
  message += ']';
  message += after;
  return message;
}

}  // namespace

bool has_non_xml_characters(std::string_view text) {
  if (!is_suspicious(text)) return false;
  for (; !text.empty(); text.remove_prefix(1)) {
    if (forbidden_length(text) != 0) return true;
  }
  return false;
}

std::string without_non_xml_characters(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = forbidden_length(text);
    if (length == 0) kept += text.front();
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return kept;
}

std::optional<bool> parse_boolean(std::string_view text) {
  if (equals_ignoring_case(text, "true")) return true;
  if (equals_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

bool fits(std::string_view text, const Field& field) {
  // No text has more code points than bytes: most need no counting.
  return text.size() <= field.length || count_code_points(text) <= field.length;
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos &&
         std::ranges::none_of(text, is_blank_or_control) && !has_c1_control(text);
}

bool is_user_name(std::string_view text) {
  return is_email(text) && text.find_first_of("\",;") == std::string_view::npos;
}

std::string_view domain_part(std::string_view user_name) {
  const std::size_t at = user_name.rfind('@');
  return at == std::string_view::npos ? std::string_view() : user_name.substr(at + 1);
}

Error invalid_value(std::string_view text, const Field& field) {
  return {ErrorType::kInvalidData,
          bracketed("Invalid value ", excerpt(text), bracketed(" for field ", field.name, "."))};
}

Error missing_value(const Field& field) {
  return {ErrorType::kParameterRequired, bracketed("Missing required parameter ", field.name, "")};
}

Error not_editable(const Field& field) {
  return {ErrorType::kInvalidData, bracketed("Field ", field.name, " is not editable.")};
}

}  // namespace muster::directory
