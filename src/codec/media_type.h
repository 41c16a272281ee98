// Content-Type and Accept: what a body is, and which answer a client prefers.
//
//   const auto type = parse_media_type(request.header("Content-Type"));
//   const auto answer = negotiate(request.header("Accept"), kBulkOffers);
//
// Pure functions, safe from any thread. RFC 9110 sections 8.3 and 12.5.1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muster::codec {

struct MediaType {
  std::string type;      // "type/subtype", lower case
  std::string charset;   // lower case, empty when absent
  std::string boundary;  // as given, empty when absent
};

// nullopt for an empty or malformed header. Quoted parameter values are unquoted, unknown
// parameters skipped.
[[nodiscard]] std::optional<MediaType> parse_media_type(std::string_view header);

enum class BodyFormat : std::uint8_t { kCsv, kJson, kForm, kMultipart, kXml, kOther };
[[nodiscard]] BodyFormat body_format(const MediaType& type);

// UTF-8 or US-ASCII, or none named.
[[nodiscard]] bool charset_accepted(const MediaType& type);

enum class AnswerFormat : std::uint8_t { kJson, kCsv, kXml };

// The offer with the highest quality; among equals the earlier one. offers[0] when the header is
// empty, malformed or matches nothing: this API never answers 406. REQUIRES: offers is not empty.
[[nodiscard]] AnswerFormat negotiate(std::string_view accept, std::span<const AnswerFormat> offers);

// The Content-Type of an answer, exactly as clients compare it.
[[nodiscard]] std::string_view content_type(AnswerFormat format);

}  // namespace muster::codec
