#include "loader/server_url.h"

#include <cstdint>

#include "base/text.h"

namespace muster::loader {
namespace {

std::unexpected<Error> refused(std::string_view text) {
  return fail(ErrorType::kInvalidData, "--url: invalid value [" + excerpt(text) +
                                           "]: http://HOST:PORT or https:// is needed");
}

// "host", "host:80", "[::1]:80" into host and port; false when it is none of them.
bool split_authority(std::string_view text, ServerUrl& url) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos) return false;
    url.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    url.host = text.substr(0, colon);
    rest = colon == text.npos ? std::string_view() : text.substr(colon);
  }
  if (url.host.empty()) return false;
  if (rest.empty()) return true;
  const auto port =
      rest.front() == ':' ? parse_digits<std::uint16_t>(rest.substr(1)) : std::nullopt;
  if (!port || *port == 0) return false;
  url.port = rest.substr(1);
  return true;
}

}  // namespace

std::string ServerUrl::authority() const {
  const std::string name = host.find(':') == host.npos ? host : "[" + host + "]";
  return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

Result<ServerUrl> parse_server_url(std::string_view text) {
  ServerUrl url;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    url.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return refused(text);
  }
  url.port = url.tls ? "443" : "80";
  if (rest.find_first_of("?#@ \t\r\n\"") != rest.npos) return refused(text);
  const std::size_t slash = rest.find('/');
  if (!split_authority(rest.substr(0, slash), url)) return refused(text);
  if (slash != rest.npos) url.prefix = rest.substr(slash);
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  return url;
}

}  // namespace muster::loader
