// Whom the bounds per client count: an IPv4 address, or the /64 network of an IPv6 address, out of
// which one client may call with as many addresses as it likes.
//
//   client_key("192.0.2.10");        // "192.0.2.10"
//   client_key("2001:db8::1:2:3:4");  // "2001:db8::/64"
//
// Pure function.
#pragma once

#include <string>

namespace muster::http {

// Of a text that is no address: the text.
[[nodiscard]] std::string client_key(const std::string& address);

}  // namespace muster::http
