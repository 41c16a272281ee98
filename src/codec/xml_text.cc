#include "codec/xml_text.h"

#include <cstddef>
#include <utility>

#include "base/assert.h"
#include "codec/json_unescape.h"

namespace muster::codec {
namespace {

constexpr std::string_view kDeclaration = R"(<?xml version="1.0" encoding="UTF-8"?>)";

// The place after the string that begins at `at`.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

// The place after the value that begins at `at`.
std::size_t end_of_value(std::string_view json, std::size_t at) {
  std::size_t depth = 0;
  while (at < json.size()) {
    const char c = json[at];
    if (c == '"') {
      at = end_of_string(json, at);
      if (depth == 0) return at;
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
    ++at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at;
  }
  return at;
}

// Whether the array at `at` holds objects of one key each.
bool holds_wrapped_objects(std::string_view json, std::size_t at) {
  do {
    if (!json.substr(++at).starts_with("{\"")) return false;
    at = end_of_value(json, end_of_string(json, at + 1) + 1);
    if (json[at] != '}') return false;
  } while (json[++at] == ',');
  return true;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// An element name for any key.
std::string element_name(std::string_view key) {
  std::string name;
  if (key.empty() || !is_letter(key.front())) name += '_';
  for (const char c : key) {
    const bool allowed = is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
    name += allowed ? c : '_';
  }
  return name;
}

// U+FFFE and U+FFFF, the only ones above the control characters that XML 1.0 lacks.
bool is_no_character(std::string_view text) {
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
}

class Translation {
 public:
  explicit Translation(std::string_view json) : json_(json) {
    out_.reserve(json.size() * 2);
    out_ += kDeclaration;
  }

  std::string run() {
    MUSTER_ASSERT(json_.starts_with('{'));
    value("response");
    MUSTER_ASSERT(at_ == json_.size());
    return std::move(out_);
  }

 private:
  void value(std::string_view name) {
    if (json_[at_] == '[' && !holds_wrapped_objects(json_, at_)) return repeated(name);
    tag("<", name);
    switch (json_[at_]) {
      case '{':
        members();
        break;
      case '[':
        wrapped();
        break;
      case '"':
        text();
        break;
      default:
        literal();
    }
    tag("</", name);
  }

  void members() {
    while (json_[at_++] != '}') {  // an opening bracket, a comma or the end
      if (json_[at_] == '}') continue;
      const std::size_t end = end_of_string(json_, at_);
      const std::string name = element_name(json_.substr(at_ + 1, end - at_ - 2));
      at_ = end + 1;
      value(name);
    }
  }

  void wrapped() {
    while (json_[at_++] != ']') members();
  }

  void repeated(std::string_view name) {
    while (json_[at_++] != ']') {
      if (json_[at_] != ']') value(name);
    }
  }

  void literal() {
    const std::size_t end = end_of_value(json_, at_);
    const std::string_view word = json_.substr(at_, end - at_);
    if (word != "null") out_ += word;
    at_ = end;
  }

  void text() {
    const std::size_t end = end_of_string(json_, at_);
    std::string_view rest = json_.substr(at_ + 1, end - at_ - 2);
    while (!rest.empty()) rest.remove_prefix(character(rest));
    at_ = end;
  }

  // Writes the first character of `rest`; returns how many bytes it had.
  std::size_t character(std::string_view rest) {
    if (rest.front() == '\\') {
      const JsonEscape escape = parse_json_escape(rest);
      MUSTER_ASSERT(escape.is == JsonEscape::Is::kWhole && escape.code_point < 0x80);
      plain(static_cast<char>(escape.code_point));
      return escape.size;
    }
    if (is_no_character(rest)) return 3;
    plain(rest.front());
    return 1;
  }

  void plain(char c) {
    switch (c) {
      case '&':
        out_ += "&amp;";
        return;
      case '<':
        out_ += "&lt;";
        return;
      case '>':
        out_ += "&gt;";
        return;
      case '\r':
        out_ += "&#13;";  // a parser would make a line feed of it
        return;
      default:
        if (static_cast<unsigned char>(c) >= ' ' || c == '\t' || c == '\n') out_ += c;
    }
  }

  void tag(std::string_view bracket, std::string_view name) {
    out_ += bracket;
    out_ += name;
    out_ += '>';
  }

  std::string_view json_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string xml_from_json(std::string_view json) { return Translation(json).run(); }

}  // namespace muster::codec
