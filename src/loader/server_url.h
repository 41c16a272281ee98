// The address of a server as a person writes it: "https://muster.example.com:8443".
// Values only.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace muster::loader {

struct ServerUrl {
  bool tls = false;
  std::string host;    // without the brackets of an IPv6 address
  std::string port;    // "443" when the URL has none
  std::string prefix;  // path below which the API stands, without trailing slash; mostly empty

  // For the Host header: the port only when it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
};

// kInvalidData for anything but http:// or https:// with a host; a user, query or fragment is
// refused too.
[[nodiscard]] Result<ServerUrl> parse_server_url(std::string_view text);

}  // namespace muster::loader
