#include "vault_api/path_match.h"

#include <charconv>
#include <cstddef>
#include <utility>

#include "base/text.h"

namespace muster::vault_api {
namespace {

// ASCII without control characters: the API has no other names, and what is refused here can be
// quoted in messages later.
bool is_printable(unsigned char byte) { return byte >= 0x20 && byte < 0x7F; }

// nullopt: not two hexadecimal digits, or not printable.
std::optional<char> decode_escape(std::string_view digits) {
  unsigned char byte = 0;
  if (digits.size() != 2) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), byte, 16);
  if (error != std::errc{} || end != digits.end()) return std::nullopt;
  if (!is_printable(byte)) return std::nullopt;
  return static_cast<char>(byte);
}

std::optional<std::string> decode_segment(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (!is_printable(static_cast<unsigned char>(raw[i]))) return std::nullopt;
    if (raw[i] != '%') {
      text += raw[i];
      continue;
    }
    const auto decoded = decode_escape(raw.substr(i + 1, 2));
    if (!decoded) return std::nullopt;
    text += *decoded;
    i += 2;
  }
  return text;
}

// The next segment of `rest`, which begins with a slash.
std::string_view take_segment(std::string_view& rest) {
  const std::size_t end = rest.find('/', 1);
  const std::string_view segment = rest.substr(1, end == rest.npos ? rest.npos : end - 1);
  rest = end == rest.npos ? std::string_view{} : rest.substr(end);
  return segment;
}

bool is_parameter(std::string_view expected) { return expected.starts_with('{'); }

bool matches(std::string_view path_template, std::span<const std::string> segments) {
  std::string_view rest = path_template;
  for (const std::string& segment : segments) {
    if (rest.empty()) return false;
    const std::string_view expected = take_segment(rest);
    if (!is_parameter(expected) && expected != segment) return false;
  }
  return rest.empty();
}

}  // namespace

Result<std::vector<std::string>> split_path(std::string_view path) {
  constexpr std::size_t kUsualSegments = 8;
  std::string_view rest = path;
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::vector<std::string> segments;
  segments.reserve(kUsualSegments);
  while (!rest.empty()) {
    if (rest.front() != '/') break;
    auto segment = decode_segment(take_segment(rest));
    if (!segment || segment->empty() || *segment == "." || *segment == "..") break;
    segments.push_back(std::move(*segment));
    if (rest.empty()) return segments;
  }
  return fail(ErrorType::kMalformedUrl, "Malformed URL path.");
}

// Most templates that are tried do not match: nothing is built before it is known.
std::optional<PathArguments> match_path(std::string_view path_template,
                                        std::span<const std::string> segments) {
  if (!matches(path_template, segments)) return std::nullopt;
  PathArguments arguments;
  std::string_view rest = path_template;
  for (const std::string& segment : segments) {
    const std::string_view expected = take_segment(rest);
    if (is_parameter(expected)) {
      arguments.emplace(expected.substr(1, expected.size() - 2), segment);
    }
  }
  return arguments;
}

}  // namespace muster::vault_api
