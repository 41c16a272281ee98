#include "codec/media_type.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/assert.h"
#include "base/text.h"

namespace muster::codec {
namespace {

struct BodyRow {
  std::string_view type;
  BodyFormat format;
};

constexpr auto kBodies = std::to_array<BodyRow>({
    {"text/csv", BodyFormat::kCsv},
    {"application/json", BodyFormat::kJson},
    {"application/scim+json", BodyFormat::kJson},
    {"application/x-www-form-urlencoded", BodyFormat::kForm},
    {"multipart/form-data", BodyFormat::kMultipart},
    {"application/xml", BodyFormat::kXml},
    {"text/xml", BodyFormat::kXml},
});

struct AnswerRow {
  AnswerFormat format;
  std::string_view type;  // what an Accept header asks for
  std::string_view content_type;
};

constexpr auto kAnswers = std::to_array<AnswerRow>({
    {AnswerFormat::kJson, "application/json", "application/json;charset=UTF-8"},
    {AnswerFormat::kCsv, "text/csv", "text/csv;charset=UTF-8"},
    {AnswerFormat::kXml, "application/xml", "application/xml;charset=UTF-8"},
});

const AnswerRow& answer_row(AnswerFormat format) {
  const auto* const row = std::ranges::find(kAnswers, format, &AnswerRow::format);
  MUSTER_ASSERT(row != kAnswers.end());
  return *row;
}

// A "token" of RFC 9110 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kSpecial = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kSpecial.find(c) != std::string_view::npos;
  });
}

// Takes the text before the first `separator` outside quotes off `rest`.
std::string_view take_until(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != separator); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (rest[end] == '\\' && quoted) ++end;
  }
  end = std::min(end, rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trim(part);
}

struct Parameter {
  std::string_view name;
  std::string value;
};

std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string text;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    text.push_back(value[i]);
  }
  return text;
}

Parameter take_parameter(std::string_view& rest) {
  std::string_view part = take_until(rest, ';');
  const std::string_view name = take_until(part, '=');
  return {name, unquoted(trim(part))};
}

// "0.8" in thousandths; a malformed weight counts as 1, as if it were not there.
int quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 1000;
  if (text.size() > 1 && text[1] != '.') return 1000;
  int thousandths = text[0] == '1' ? 1000 : 0;
  for (std::size_t i = 2, unit = 100; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return 1000;
    thousandths += (text[i] - '0') * static_cast<int>(unit);
  }
  return std::min(thousandths, 1000);
}

// How exactly a media range names a type: 0 not at all, 1 "*/*", 2 "text/*", 3 "text/csv".
int specificity(std::string_view range, std::string_view type) {
  if (equals_ignoring_case(range, type)) return 3;
  if (range == "*/*" || range == "*") return 1;
  const auto slash = type.find('/');
  return range.ends_with("/*") &&
                 equals_ignoring_case(range.substr(0, range.size() - 1), type.substr(0, slash + 1))
             ? 2
             : 0;
}

// The weight the header gives to `type`: that of its most specific matching range; 0 for none.
int weight_of(std::string_view accept, std::string_view type) {
  int best = 0;
  int weight = 0;
  while (!accept.empty()) {
    std::string_view element = take_until(accept, ',');
    const int match = specificity(take_until(element, ';'), type);
    if (match <= best) continue;
    best = match;
    weight = 1000;
    while (!element.empty()) {
      const Parameter parameter = take_parameter(element);
      if (equals_ignoring_case(parameter.name, "q")) weight = quality(parameter.value);
    }
  }
  return weight;
}

}  // namespace

std::optional<MediaType> parse_media_type(std::string_view header) {
  MediaType media;
  media.type = ascii_lower(take_until(header, ';'));
  const std::string_view type = media.type;
  const auto slash = type.find('/');
  if (slash == std::string_view::npos || !is_token(type.substr(0, slash)) ||
      !is_token(type.substr(slash + 1))) {
    return std::nullopt;
  }
  while (!header.empty()) {
    Parameter parameter = take_parameter(header);
    if (equals_ignoring_case(parameter.name, "charset"))
      media.charset = ascii_lower(parameter.value);
    if (equals_ignoring_case(parameter.name, "boundary"))
      media.boundary = std::move(parameter.value);
  }
  return media;
}

BodyFormat body_format(const MediaType& type) {
  const auto* const row = std::ranges::find(kBodies, type.type, &BodyRow::type);
  return row == kBodies.end() ? BodyFormat::kOther : row->format;
}

bool charset_accepted(const MediaType& type) {
  constexpr auto kAccepted = std::to_array<std::string_view>({"", "utf-8", "utf8", "us-ascii"});
  return std::ranges::find(kAccepted, type.charset) != kAccepted.end();
}

AnswerFormat negotiate(std::string_view accept, std::span<const AnswerFormat> offers) {
  MUSTER_ASSERT(!offers.empty());
  AnswerFormat best = offers.front();
  int best_weight = 0;
  for (const AnswerFormat offer : offers) {
    const int weight = weight_of(accept, answer_row(offer).type);
    if (weight > best_weight) {
      best = offer;
      best_weight = weight;
    }
  }
  return best;
}

std::string_view content_type(AnswerFormat format) { return answer_row(format).content_type; }

}  // namespace muster::codec
