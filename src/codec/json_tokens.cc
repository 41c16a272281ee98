#include "codec/json_tokens.h"

#include <algorithm>

namespace muster::codec {

bool JsonTokens::take(std::string_view text, std::uint64_t offset) {
  begin_ = text.data();
  end_ = begin_ + text.size();
  offset_ = offset;
  for (const char* at = begin_; at != end_;) {
    if (next_ <= Next::kEnd) at = after_blanks(at);
    if (at == end_) break;
    at = read(at);
    if (at == nullptr) return false;
  }
  records_.keep();
  return true;
}

bool JsonTokens::end() {
  offset_ += static_cast<std::uint64_t>(end_ - begin_);
  begin_ = end_ = "";
  if (next_ == Next::kNumber && is_whole_json_number(number_) && end_number({}, end_) == nullptr)
    return false;
  if (next_ != Next::kEnd) stop(end_, "incomplete JSON");
  return next_ == Next::kEnd;
}

// REQUIRES: not at a blank, unless a text is open.
const char* JsonTokens::read(const char* at) {
  switch (next_) {
    case Next::kComma:
      return read_after_value(at);
    case Next::kFirstElement:
      return *at == ']' ? close(at) : read_value(at);
    case Next::kValue:
      return read_value(at);
    case Next::kFirstKey:
      return *at == '}' ? close(at) : read_members_as_due(at);
    case Next::kKey:
      return read_members_as_due(at);
    case Next::kColon:
      if (*at != ':') return syntax_error(at);
      next_ = Next::kValue;
      return at + 1;
    case Next::kEnd:
      return stop(at, "text after the end");
    case Next::kText:
      return read_text(at);
    case Next::kEscape:
      return read_cut_escape(at);
    case Next::kNumber:
      return read_number(at);
    case Next::kLiteral:
      return read_literal(at);
  }
  return nullptr;
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
      return read_number(at);
  }
}

const char* JsonTokens::read_after_value(const char* at) {
  const bool in_object = is_object_[depth_];
  if (*at == (in_object ? '}' : ']')) return close(at);
  if (*at != ',') return syntax_error(at);
  next_ = in_object ? Next::kKey : Next::kValue;
  at = after_blanks(at + 1);
  // Straight on to the next element: a body may consist of small ones.
  return in_object || at == end_ ? at : read_value(at);
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
  // Of a text that has begun in an earlier piece much may follow.
  const char* const near_end = next_ == Next::kText ? skip_plain_blocks(at, end_) : at;
  const char* quote = find_plain_text_end(near_end, end_);
  if (quote == end_) {  // all of the piece, perhaps one of thousands: looked at once only
    next_ = Next::kText;
    hand_on_plain();
    hand_on({at, static_cast<std::size_t>(end_ - at)});
    return end_;
  }
  if (*quote != '"' || plain_size_ > 0) [[unlikely]] {
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
    const char* const end = add_plain(at);
    if (end == end_) return end;
    if (*end == '"') {
      hand_on_plain();
      return end;
    }
    at = *end == '\\' ? read_escapes(end) : syntax_error(end);
    if (at == nullptr) return at;
  }
  return at;
}

// Adds the plain bytes from `at` on to the open text, and returns their end. A few between two
// escapes are copied one by one: that takes less time than to look for their end first.
const char* JsonTokens::add_plain(const char* at) {
  constexpr std::ptrdiff_t kFew = 8;
  if (plain_.size() - plain_size_ < kFew) hand_on_plain();
  for (const char* const few = at + std::min(kFew, end_ - at); at != few; ++at) {
    if (ends_plain_text(*at)) return at;
    plain_[plain_size_++] = *at;
  }
  const char* const end = find_plain_text_end(at, end_);
  if (end == at) return end;
  hand_on_plain();
  hand_on({at, static_cast<std::size_t>(end - at)});
  return end;
}

const char* JsonTokens::read_escapes(const char* at) {
  do {
    const std::string_view text(at, static_cast<std::size_t>(end_ - at));
    const JsonEscape escape = parse_json_escape(text);
    if (escape.is == JsonEscape::Is::kBroken) return syntax_error(at + escape.size);
    if (escape.is == JsonEscape::Is::kCut) {
      escape_size_ = text.copy(escape_.data(), escape_.size());
      next_ = Next::kEscape;
      return end_;
    }
    add_code_point(escape.code_point);
    at += escape.size;
  } while (at != end_ && *at == '\\');
  return at;
}

// One more byte of an escape that began in an earlier piece.
const char* JsonTokens::read_cut_escape(const char* at) {
  escape_[escape_size_++] = *at;
  const JsonEscape escape = parse_json_escape({escape_.data(), escape_size_});
  if (escape.is == JsonEscape::Is::kBroken) return syntax_error(at);
  if (escape.is == JsonEscape::Is::kWhole) {
    add_code_point(escape.code_point);
    next_ = Next::kText;
  }
  return at + 1;
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
  JsonNumber read = number_;
  for (; at != end_; ++at) {
    const JsonNumber next = json_number_after(read, *at);
    if (next == JsonNumber::kNone) {
      return is_whole_json_number(read) ? end_number(part(), at) : syntax_error(at);
    }
    read = next;
    if (next == JsonNumber::kZero) continue;
    while (is_whole_json_number(next) && end_ - at > 1 && is_digit(at[1])) ++at;
  }
  number_ = read;
  next_ = Next::kNumber;
  records_.number_part(part());
  return at;
}

const char* JsonTokens::end_number(std::string_view last_part, const char* next) {
  number_ = JsonNumber::kNone;
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
