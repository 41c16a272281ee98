#include "codec/vql_tokens.h"

#include <algorithm>

#include "base/text.h"

namespace muster::codec {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

template <typename Condition>
std::size_t run_length(std::string_view text, Condition condition) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, condition) - text.begin());
}

std::size_t number_length(std::string_view text) {
  return run_length(text.substr(1), [](char c) { return is_digit(c) || c == '.'; }) + 1;
}

std::size_t symbol_length(std::string_view text) {
  if (text.size() > 1 && text[1] == '=' && (text[0] == '<' || text[0] == '>' || text[0] == '!')) {
    return 2;
  }
  std::size_t length = 1;  // whole characters, as an error quotes them
  while (length < text.size() && !begins_character(text[length])) ++length;
  return length;
}

}  // namespace

bool VqlToken::is_keyword(std::string_view word) const {
  return kind == VqlTokenKind::kWord && equals_ignoring_case(text, word);
}

void VqlTokens::next() {
  at_ += run_length(text_.substr(at_), is_blank);
  const std::string_view passed = text_.substr(counted_, at_ - counted_);
  place_ += static_cast<std::size_t>(std::ranges::count_if(passed, begins_character));
  counted_ = at_;
  current_.place = place_;

  const std::string_view rest = text_.substr(at_);
  if (rest.empty()) return take(VqlTokenKind::kEnd, 0);
  const char first = rest.front();
  if (first == '\'') return take_string();
  if (is_letter(first)) {
    const auto in_word = [](char c) { return is_letter(c) || is_digit(c); };
    return take(VqlTokenKind::kWord, run_length(rest, in_word));
  }
  const bool negative = first == '-' && rest.size() > 1 && is_digit(rest[1]);
  if (is_digit(first) || negative) return take(VqlTokenKind::kNumber, number_length(rest));
  take(VqlTokenKind::kSymbol, symbol_length(rest));
}

void VqlTokens::take(VqlTokenKind kind, std::size_t bytes) {
  current_.kind = kind;
  current_.text = text_.substr(at_, bytes);
  at_ += bytes;
}

void VqlTokens::take_string() {
  current_.kind = VqlTokenKind::kOpenString;
  current_.text.clear();
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\'') {
      current_.kind = VqlTokenKind::kString;
      ++at_;
      return;
    }
    const bool escape =
        c == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '\'' || text_[at_ + 1] == '\\');
    if (escape) ++at_;
    current_.text += text_[at_];
  }
}

}  // namespace muster::codec
