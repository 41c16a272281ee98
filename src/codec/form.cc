#include "codec/form.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "codec/utf8_gate.h"

namespace muster::codec {
namespace {

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::string decode(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (high && low) {
        decoded.push_back(static_cast<char>(*high * 16 + *low));
        i += 2;
        continue;
      }
    }
    decoded.push_back(text[i] == '+' && plus_is_blank ? ' ' : text[i]);
  }
  return decoded;
}

std::unexpected<Error> invalid(std::string message) {
  return fail(ErrorType::kInvalidData, std::move(message));
}

std::unexpected<Error> too_many_fields() {
  return invalid("The form has more than " + std::to_string(limits::kFormFieldsMax) + " fields.");
}

// The next "name=value" of an urlencoded text; empty pieces ("&&") are passed over.
std::optional<FormField> take_pair(std::string_view& rest) {
  while (rest.starts_with('&')) rest.remove_prefix(1);
  if (rest.empty()) return std::nullopt;
  const std::string_view pair = rest.substr(0, rest.find('&'));
  rest.remove_prefix(pair.size());
  const std::string_view name = pair.substr(0, pair.find('='));
  FormField field;
  field.name = decode(name, true);
  if (name.size() < pair.size()) field.value = decode(pair.substr(name.size() + 1), true);
  return field;
}

bool is_text(const FormField& field) {
  return is_valid_utf8(field.name) && is_valid_utf8(field.value);
}

// The value of `key` in `form-data; name="a"; filename="b.png"`. Browsers write a quote as %22 or
// \" and leave other backslashes alone.
std::optional<std::string> disposition_value(std::string_view header, std::string_view key) {
  while (true) {
    const auto semicolon = header.find(';');
    if (semicolon == std::string_view::npos) return std::nullopt;
    header = header.substr(semicolon + 1);
    const auto equals = header.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const bool wanted = equals_ignoring_case(trim(header.substr(0, equals)), key);
    header = trim(header.substr(equals + 1));
    std::string value;
    if (header.starts_with('"')) {
      std::size_t i = 1;
      for (; i < header.size() && header[i] != '"'; ++i) {
        if (header.substr(i).starts_with("\\\"")) ++i;
        value.push_back(header[i]);
      }
      header = header.substr(std::min(i + 1, header.size()));
    } else {
      value = trim(header.substr(0, header.find(';')));
    }
    if (wanted) return value;
  }
}

// A part's header block: lines "Name: value" up to an empty line, which is taken off too.
Result<FormField> take_part_header(std::string_view& part) {
  FormField field;
  bool named = false;
  while (true) {
    const auto end = part.find("\r\n");
    if (end == std::string_view::npos)
      return invalid("A part of the form has no end of its header.");
    const std::string_view line = part.substr(0, end);
    part.remove_prefix(end + 2);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return invalid("A part of the form has a broken header.");
    const std::string_view name = trim(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (equals_ignoring_case(name, "Content-Type")) field.content_type = value;
    if (!equals_ignoring_case(name, "Content-Disposition")) continue;
    if (auto text = disposition_value(value, "name")) {
      field.name = std::move(*text);
      named = true;
    }
    if (auto text = disposition_value(value, "filename")) field.file_name = std::move(*text);
  }
  if (!named) return invalid("A part of the form has no name.");
  return field;
}

// A part ends where CRLF, "--" and the boundary stand; the CRLF belongs to the boundary.
Result<FormField> read_part(std::string_view part) {
  auto field = take_part_header(part);
  if (!field) return field;
  field->value = part;
  const bool file = !field->file_name.empty();
  if (!is_valid_utf8(field->name) || !is_valid_utf8(field->file_name) ||
      (!file && !is_valid_utf8(field->value))) {
    return invalid("The form field [" +
                   excerpt(field->name.substr(0, valid_utf8_prefix(field->name))) +
                   "] is not valid UTF-8.");
  }
  return field;
}

}  // namespace

std::string percent_decode(std::string_view text) { return decode(text, false); }

Result<std::vector<FormField>> parse_form(std::string_view body) {
  std::vector<FormField> fields;
  while (auto field = take_pair(body)) {
    if (fields.size() == limits::kFormFieldsMax) return too_many_fields();
    if (!is_text(*field)) {
      return invalid("Form field number " + std::to_string(fields.size() + 1) +
                     " is not valid UTF-8.");
    }
    fields.push_back(std::move(*field));
  }
  return fields;
}

std::vector<FormField> parse_query(std::string_view query) {
  std::vector<FormField> fields;
  while (auto field = take_pair(query)) {
    if (fields.size() == limits::kFormFieldsMax) break;
    if (is_text(*field)) fields.push_back(std::move(*field));
  }
  return fields;
}

Result<std::vector<FormField>> parse_multipart(std::string_view body, std::string_view boundary) {
  constexpr std::size_t kBoundaryBytesMax = 70;  // RFC 2046 5.1.1
  if (boundary.empty() || boundary.size() > kBoundaryBytesMax) {
    return invalid("A multipart body needs a boundary of 1 to 70 characters.");
  }
  const std::string delimiter = "\r\n--" + std::string(boundary);
  // The first boundary may open the body without a line end before it.
  const std::string_view first = std::string_view(delimiter).substr(2);
  auto begin = body.starts_with(first) ? first.size() : body.find(delimiter);
  if (begin == std::string_view::npos) return invalid("The multipart body has no boundary line.");
  if (!body.starts_with(first)) begin += delimiter.size();

  std::vector<FormField> fields;
  while (true) {
    body.remove_prefix(begin);
    if (body.starts_with("--")) return fields;
    const auto line_end = body.find("\r\n");
    if (line_end == std::string_view::npos || !trim(body.substr(0, line_end)).empty()) {
      return invalid("The multipart body has a broken boundary line.");
    }
    body.remove_prefix(line_end + 2);
    const auto end = body.find(delimiter);
    if (end == std::string_view::npos)
      return invalid("The multipart body ends without its boundary.");
    if (fields.size() == limits::kFormFieldsMax) return too_many_fields();
    auto field = read_part(body.substr(0, end));
    if (!field) return std::unexpected(field.error());
    fields.push_back(std::move(*field));
    begin = end + delimiter.size();
  }
}

const FormField* find(std::span<const FormField> fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &FormField::name);
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace muster::codec
