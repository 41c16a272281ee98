#include "directory/value_rules.h"

#include <algorithm>
#include <array>
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

template <typename Word>
std::uint64_t load(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Reads overlap instead of stepping through a rest byte by byte: cells are short.
bool is_suspicious(std::string_view text) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (text.size() >= 8) {
    for (const char* at = begin; at + 8 < end; at += 8) {
      if (is_suspicious(load<std::uint64_t>(at))) return true;
    }
    return is_suspicious(load<std::uint64_t>(end - 8));
  }
  if (text.size() >= 4) {
    return is_suspicious(load<std::uint32_t>(begin) | load<std::uint32_t>(end - 4) << 32U);
  }
  return std::any_of(begin, end,
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\xEF'; });
}

// Length of the forbidden character at the start of `text`; 0 when it is a fine one.
std::size_t forbidden_length(std::string_view text) {
  const char c = text.front();
  if (static_cast<unsigned char>(c) < 0x20) return c == '\t' || c == '\n' || c == '\r' ? 0 : 1;
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF") ? 3 : 0;
}

// What a byte means in an e-mail address and in a user name.
enum ByteClass : std::uint8_t { kFine, kAt, kSeparator, kBlankOrControl, kC1Lead };

constexpr std::array<ByteClass, 256> make_byte_classes() {
  std::array<ByteClass, 256> classes{};
  for (std::size_t byte = 0; byte <= 0x20; ++byte) classes[byte] = kBlankOrControl;
  classes[0x7F] = kBlankOrControl;
  classes['@'] = kAt;
  for (const char c : {'"', ',', ';'}) classes[static_cast<unsigned char>(c)] = kSeparator;
  classes[0xC2] = kC1Lead;
  return classes;
}

constexpr std::array<ByteClass, 256> kByteClasses = make_byte_classes();

// One pass for both kinds of address; `separators` says whether '"', ',' and ';' may stand in it.
bool is_address(std::string_view text, bool separators) {
  std::size_t ats = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (kByteClasses[static_cast<unsigned char>(text[i])]) {
      case kFine:
        break;
      case kAt:
        ++ats;
        break;
      case kSeparator:
        if (!separators) return false;
        break;
      case kBlankOrControl:
        return false;
      case kC1Lead:  // U+0080 to U+009F are control characters
        if (i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return false;
        break;
    }
  }
  return ats == 1 && text.front() != '@' && text.back() != '@';
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

bool is_email(std::string_view text) { return is_address(text, true); }

bool is_user_name(std::string_view text) { return is_address(text, false); }

std::string_view domain_part(std::string_view user_name) {
  const std::size_t at = user_name.rfind('@');
  return at == std::string_view::npos ? std::string_view() : user_name.substr(at + 1);
}

std::string quoted(std::string_view before, std::string_view text, std::string_view after) {
  std::string message(before);
  message += " [" + printable_excerpt(text) + "]";
  message += after;
  return message;
}

Error invalid_value(std::string_view text, const Field& field) {
  return {ErrorType::kInvalidData,
          quoted("Invalid value", text, quoted(" for field", field.name, "."))};
}

Error missing_value(const Field& field) {
  return {ErrorType::kParameterRequired, quoted("Missing required parameter", field.name, "")};
}

Error not_editable(const Field& field) {
  return {ErrorType::kInvalidData, quoted("Field", field.name, " is not editable.")};
}

}  // namespace muster::directory
