#include "http/client_key.h"

#include <algorithm>
#include <boost/asio/ip/address_v6.hpp>

namespace muster::http {

std::string client_key(const std::string& address) {
  if (!address.contains(':')) return address;
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address_v6(address, error);
  if (error) return address;
  if (parsed.is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, parsed).to_string();
  }
  auto bytes = parsed.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return boost::asio::ip::make_address_v6(bytes).to_string() + "/64";
}

}  // namespace muster::http
