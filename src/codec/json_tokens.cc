#include "codec/json_tokens.h"

#include <utility>

namespace muster::codec {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// An escape at the start of a text.
struct Escape {
  enum class Is : std::uint8_t { kWhole, kCut, kBroken };
  Is is;
  std::size_t size = 0;  // whole: its bytes; broken: the bytes before the wrong one
  std::uint32_t code_point = 0;
};

constexpr Escape kCut{Escape::Is::kCut};

constexpr Escape broken(std::size_t at) { return {Escape::Is::kBroken, at}; }

constexpr int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The four digits of \uXXXX from `begin` on.
constexpr Escape read_hex(std::string_view text, std::size_t begin) {
  std::uint32_t unit = 0;
  for (std::size_t at = begin; at < begin + 4; ++at) {
    if (at >= text.size()) return kCut;
    const int digit = hex_digit(text[at]);
    if (digit < 0) return broken(at);
    unit = unit << 4U | static_cast<std::uint32_t>(digit);
  }
  return {Escape::Is::kWhole, begin + 4, unit};
}

constexpr bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

constexpr Escape read_unicode_escape(std::string_view text) {
  const Escape first = read_hex(text, 2);
  if (first.is != Escape::Is::kWhole) return first;
  if (is_low_surrogate(first.code_point)) return broken(first.size - 1);
  if (!is_high_surrogate(first.code_point)) return first;
  for (std::size_t at = first.size; at < first.size + 2; ++at) {
    if (at >= text.size()) return kCut;
    if (text[at] != (at == first.size ? '\\' : 'u')) return broken(at);
  }
  const Escape second = read_hex(text, first.size + 2);
  if (second.is != Escape::Is::kWhole) return second;
  if (!is_low_surrogate(second.code_point)) return broken(second.size - 1);
  const std::uint32_t high = first.code_point - 0xD800;
  const std::uint32_t low = second.code_point - 0xDC00;
  return {Escape::Is::kWhole, second.size, 0x10000 + (high << 10U | low)};
}

// What a letter after a backslash means; 0 when nothing.
constexpr auto kShortEscapes = [] {
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
constexpr Escape parse_escape(std::string_view text) {
  if (text.size() < 2) return kCut;
  const char meaning = kShortEscapes[static_cast<unsigned char>(text[1])];
  if (meaning != 0) return {Escape::Is::kWhole, 2, static_cast<std::uint32_t>(meaning)};
  return text[1] == 'u' ? read_unicode_escape(text) : broken(1);
}

}  // namespace

JsonTokens::Number JsonTokens::number_after(Number read, char c) {
  switch (read) {
    case Number::kNone:
      if (c == '-') return Number::kMinus;
      [[fallthrough]];
    case Number::kMinus:
      if (c == '0') return Number::kZero;
      return is_digit(c) ? Number::kInteger : Number::kNone;
    case Number::kInteger:
      if (is_digit(c)) return Number::kInteger;
      [[fallthrough]];
    case Number::kZero:
      if (c == '.') return Number::kPoint;
      return c == 'e' || c == 'E' ? Number::kExponent : Number::kNone;
    case Number::kPoint:
      return is_digit(c) ? Number::kFraction : Number::kNone;
    case Number::kFraction:
      if (is_digit(c)) return Number::kFraction;
      return c == 'e' || c == 'E' ? Number::kExponent : Number::kNone;
    case Number::kExponent:
      if (c == '+' || c == '-') return Number::kSign;
      [[fallthrough]];
    case Number::kSign:
    case Number::kPower:
      return is_digit(c) ? Number::kPower : Number::kNone;
  }
  return Number::kNone;
}

bool JsonTokens::is_whole(Number read) {
  return read == Number::kZero || read == Number::kInteger || read == Number::kFraction ||
         read == Number::kPower;
}

bool JsonTokens::take(std::string_view text, std::uint64_t offset) {
  begin_ = text.data();
  end_ = begin_ + text.size();
  offset_ = offset;
  for (const char* at = begin_; at != end_;) {
    at = read(at);
    if (at == nullptr) return false;
  }
  records_.keep();
  return true;
}

bool JsonTokens::end() {
  offset_ += static_cast<std::uint64_t>(end_ - begin_);
  begin_ = end_ = "";
  if (next_ == Next::kNumber && is_whole(number_) && end_number({}, end_) == nullptr) return false;
  if (next_ != Next::kEnd) stop(end_, "incomplete JSON");
  return next_ == Next::kEnd;
}

const char* JsonTokens::read(const char* at) {
  switch (next_) {
    case Next::kText:
      return read_text(at);
    case Next::kEscape:
      return read_cut_escape(at);
    case Next::kNumber:
      return read_number(at);
    case Next::kLiteral:
      return read_literal(at);
    default:
      break;
  }
  at = after_blanks(at);
  return at == end_ ? at : read_token(at);
}

// REQUIRES: not at a blank.
const char* JsonTokens::read_token(const char* at) {
  switch (next_) {
    case Next::kFirstKey:
      return *at == '}' ? close(at) : read_members_as_due(at);
    case Next::kKey:
      return read_members_as_due(at);
    case Next::kColon:
      if (*at != ':') return syntax_error(at);
      next_ = Next::kValue;
      return at + 1;
    case Next::kFirstElement:
      return *at == ']' ? close(at) : read_value(at);
    case Next::kValue:
      return read_value(at);
    case Next::kComma:
      return read_after_value(at);
    default:
      return stop(at, "text after the end");
  }
}

// Members like `"key":"text",`, as many as follow each other, with the keys of the record before.
// Whatever is not like that is left to the general way, unread.
const char* JsonTokens::read_members_as_due(const char* at) {
  while (records_.in_flat_object()) {
    const std::string_view key = records_.key_due();
    if (key.empty() || static_cast<std::size_t>(end_ - at) < key.size() || !same_bytes(at, key)) {
      break;
    }
    const char* const quote = after_blanks(at + key.size());
    if (quote == end_ || *quote != '"') break;
    const char* const text = quote + 1;
    const char* const end = find_plain_text_end(text, end_);
    if (end == end_ || *end != '"') break;
    records_.member_as_due({text, static_cast<std::size_t>(end - text)});
    next_ = Next::kComma;
    at = after_blanks(end + 1);
    if (at == end_ || *at != ',') return at;
    next_ = Next::kKey;
    at = after_blanks(at + 1);
    if (at == end_) return at;
  }
  return read_key(at);
}

const char* JsonTokens::read_key(const char* at) {
  if (*at != '"') return syntax_error(at);
  is_key_ = true;
  return read_text(at + 1);
}

const char* JsonTokens::read_value(const char* at) {
  switch (*at) {
    case '"':
      is_key_ = false;
      return read_text(at + 1);
    case '{':
      return open(at, true);
    case '[':
      return open(at, false);
    case 't':
      literal_ = "true";
      return read_literal(at);
    case 'f':
      literal_ = "false";
      return read_literal(at);
    case 'n':
      literal_ = "null";
      return read_literal(at);
    default:
      return number_after(Number::kNone, *at) == Number::kNone ? syntax_error(at) : read_number(at);
  }
}

const char* JsonTokens::read_after_value(const char* at) {
  const bool in_object = is_object_[depth_];
  if (*at == ',') {
    next_ = in_object ? Next::kKey : Next::kValue;
    return at + 1;
  }
  return *at == (in_object ? '}' : ']') ? close(at) : syntax_error(at);
}

const char* JsonTokens::open(const char* at, bool object) {
  if (depth_ == limits::kNestingDepthMax) {
    return stop(at, "nested deeper than " + std::to_string(limits::kNestingDepthMax) + " levels");
  }
  is_object_[++depth_] = object;
  next_ = object ? Next::kFirstKey : Next::kFirstElement;
  return go_on(object ? records_.begin_object() : records_.begin_array(), at, at + 1);
}

const char* JsonTokens::close(const char* at) {
  const bool object = is_object_[depth_--];
  value_ended();
  return go_on(object ? records_.end_object() : records_.end_array(), at, at + 1);
}

// `at`: the first byte after the opening quote, or the first one of a later piece.
const char* JsonTokens::read_text(const char* at) {
  const char* quote = find_plain_text_end(at, end_);
  if (quote == end_ || *quote != '"' || plain_size_ > 0) [[unlikely]] {
    next_ = Next::kText;
    quote = read_parted_text(at);
    if (quote == nullptr || quote == end_) return quote;
    at = quote;
  }
  const std::string_view last_part(at, static_cast<std::size_t>(quote - at));
  next_ = Next::kColon;
  if (is_key_) return go_on(records_.key(last_part), quote, quote + 1);
  value_ended();
  return go_on(records_.text(last_part), quote, quote + 1);
}

// A text with escapes, or one that goes on in the next piece: hands its parts on up to the closing
// quote, and returns that.
const char* JsonTokens::read_parted_text(const char* at) {
  while (at != end_) {
    const char* const end = find_plain_text_end(at, end_);
    add_plain({at, static_cast<std::size_t>(end - at)});
    if (end == end_) return end;
    if (*end == '"') {
      hand_on_plain();
      return end;
    }
    at = *end == '\\' ? read_escape(end) : syntax_error(end);
    if (at == nullptr) return at;
  }
  return at;
}

const char* JsonTokens::read_escape(const char* at) {
  const std::string_view text(at, static_cast<std::size_t>(end_ - at));
  const Escape escape = parse_escape(text);
  if (escape.is == Escape::Is::kBroken) return syntax_error(at + escape.size);
  if (escape.is == Escape::Is::kCut) {
    escape_size_ = text.copy(escape_.data(), escape_.size());
    next_ = Next::kEscape;
    return end_;
  }
  add_code_point(escape.code_point);
  return at + escape.size;
}

// One more byte of an escape that began in an earlier piece.
const char* JsonTokens::read_cut_escape(const char* at) {
  escape_[escape_size_++] = *at;
  const Escape escape = parse_escape({escape_.data(), escape_size_});
  if (escape.is == Escape::Is::kBroken) return syntax_error(at);
  if (escape.is == Escape::Is::kWhole) {
    add_code_point(escape.code_point);
    next_ = Next::kText;
  }
  return at + 1;
}

void JsonTokens::add_plain(std::string_view text) {
  if (text.size() > plain_.size() - plain_size_) {
    hand_on_plain();
    if (text.size() > plain_.size()) return hand_on(text);
  }
  text.copy(plain_.data() + plain_size_, text.size());
  plain_size_ += text.size();
}

void JsonTokens::add_code_point(std::uint32_t code_point) {
  if (plain_.size() - plain_size_ < 4) hand_on_plain();
  char* out = plain_.data() + plain_size_;
  if (code_point < 0x80) {
    *out++ = static_cast<char>(code_point);
  } else {
    // The lead byte has one bit set for each byte, the others carry six bits each.
    const unsigned more = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    *out++ = static_cast<char>((0x780U >> more & 0xF0U) | code_point >> (6 * more));
    for (unsigned i = more; i-- > 0;) {
      *out++ = static_cast<char>(0x80U | (code_point >> (6 * i) & 0x3FU));
    }
  }
  plain_size_ = static_cast<std::size_t>(out - plain_.data());
}

void JsonTokens::hand_on_plain() {
  hand_on({plain_.data(), plain_size_});
  plain_size_ = 0;
}

void JsonTokens::hand_on(std::string_view part) {
  if (is_key_) {
    records_.key_part(part);
  } else {
    records_.text_part(part);
  }
}

const char* JsonTokens::read_number(const char* at) {
  const char* const begin = at;
  const auto part = [&] { return std::string_view(begin, static_cast<std::size_t>(at - begin)); };
  while (at != end_) {
    const Number next = number_after(number_, *at);
    if (next == Number::kNone) return is_whole(number_) ? end_number(part(), at) : syntax_error(at);
    number_ = next;
    ++at;
    if (next == Number::kZero) continue;
    while (is_whole(next) && at != end_ && is_digit(*at)) ++at;
  }
  next_ = Next::kNumber;
  records_.number_part(part());
  return at;
}

const char* JsonTokens::end_number(std::string_view last_part, const char* next) {
  number_ = Number::kNone;
  value_ended();
  return go_on(records_.number(last_part), next, next);
}

const char* JsonTokens::read_literal(const char* at) {
  next_ = Next::kLiteral;
  for (; at != end_ && literal_size_ < literal_.size(); ++at, ++literal_size_) {
    if (*at != literal_[literal_size_]) return stop(at, "syntax error", literal_size_);
  }
  if (literal_size_ < literal_.size()) return at;
  literal_size_ = 0;
  value_ended();
  const bool is_null = literal_.front() == 'n';
  return go_on(is_null ? records_.null() : records_.boolean(literal_.front() == 't'), at, at);
}

const char* JsonTokens::stop(const char* at, std::string_view problem, std::size_t back) {
  stopped_at_ = offset_ + static_cast<std::uint64_t>(at - begin_) - back;
  problem_ = problem;
  return nullptr;
}

}  // namespace muster::codec
