#include "vault_api/cors.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "base/text.h"

namespace muster::vault_api {
namespace {

constexpr std::string_view kMethods = "GET, POST, PUT, DELETE";
constexpr std::string_view kRequestFields =
    "Authorization, Content-Type, Accept, X-VaultAPI-ClientID, X-VaultAPI-ReferenceId, "
    "X-VaultAPI-DescribeQuery, Idempotency-Key";
constexpr std::string_view kMaxAgeSeconds = "600";

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == text.npos;
}

bool is_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    return consists_of(text.substr(1, text.size() - 2), "0123456789abcdef:.");
  }
  return consists_of(text, "0123456789abcdefghijklmnopqrstuvwxyz.-_");
}

bool is_port(std::string_view text, std::string_view scheme) {
  const auto port = parse_digits<std::uint16_t>(text);
  const bool is_default = (scheme == "http" && port == 80) || (scheme == "https" && port == 443);
  return port && !is_default && !text.starts_with('0');
}

}  // namespace

bool is_web_origin(std::string_view text) {
  const std::size_t mark = text.find("://");
  if (mark == text.npos) return false;
  const std::string_view scheme = text.substr(0, mark);
  if (!consists_of(scheme, "0123456789abcdefghijklmnopqrstuvwxyz+.-")) return false;
  const std::string_view place = text.substr(mark + 3);
  const std::size_t colon = place.find(':', place.starts_with('[') ? place.find(']') : 0);
  if (!is_host(place.substr(0, colon))) return false;
  return colon == place.npos || is_port(place.substr(colon + 1), scheme);
}

std::string_view listed_origin(const http::Request& request, const ApiSettings& settings) {
  if (settings.cors_origins.empty()) return {};
  const auto found = std::ranges::find(settings.cors_origins, request.headers.get("Origin"));
  return found == settings.cors_origins.end() ? std::string_view{} : std::string_view(*found);
}

bool is_preflight(const http::Request& request) {
  return request.method == "OPTIONS" && request.headers.find("Origin") &&
         request.headers.find("Access-Control-Request-Method");
}

void allow_call(http::Response& response) {
  response.status = 204;
  response.headers.push_back({"Access-Control-Allow-Methods", std::string(kMethods)});
  response.headers.push_back({"Access-Control-Allow-Headers", std::string(kRequestFields)});
  response.headers.push_back({"Access-Control-Max-Age", std::string(kMaxAgeSeconds)});
}

void allow_reading(http::Response& response, std::string_view origin) {
  std::string names;
  for (const http::ResponseHeader& field : response.headers) {
    if (!names.empty()) names += ", ";
    names += field.name;
  }
  response.headers.push_back({"Access-Control-Allow-Origin", std::string(origin)});
  response.headers.push_back({"Access-Control-Expose-Headers", std::move(names)});
  response.headers.push_back({"Vary", "Origin"});
}

}  // namespace muster::vault_api
