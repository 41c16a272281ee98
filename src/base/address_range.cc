#include "base/address_range.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "base/text.h"

namespace muster {
namespace {

constexpr unsigned kAddressBits = 128;
constexpr unsigned kMappedBits = 96;  // what stands before an IPv4 address

bool is_v4(std::string_view address) { return !address.contains(':'); }

}  // namespace

std::optional<AddressRange::Bytes> AddressRange::parse_address(std::string_view text) {
  Bytes bytes{};
  const std::string address(text);  // inet_pton() wants its end marked
  if (address.contains('\0')) return std::nullopt;
  if (!is_v4(text)) {
    if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return std::nullopt;
    return bytes;
  }
  bytes[10] = bytes[11] = 0xFF;
  if (inet_pton(AF_INET, address.c_str(), bytes.data() + 12) != 1) return std::nullopt;
  return bytes;
}

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const auto first = parse_address(address);
  if (!first) return std::nullopt;
  if (slash == std::string_view::npos) return AddressRange(*first, kAddressBits);
  const unsigned offset = is_v4(address) ? kMappedBits : 0;
  const auto bits = parse_digits<unsigned>(text.substr(slash + 1));
  if (!bits || *bits > kAddressBits - offset) return std::nullopt;
  return AddressRange(*first, offset + *bits);
}

bool AddressRange::contains(std::string_view address) const {
  const auto bytes = parse_address(address);
  if (!bytes) return false;
  const auto whole = static_cast<std::ptrdiff_t>(prefix_bits_ / 8);
  if (!std::equal(first_.begin(), first_.begin() + whole, bytes->begin())) return false;
  const unsigned rest = prefix_bits_ % 8;
  if (rest == 0) return true;
  const auto at = static_cast<std::size_t>(whole);
  return ((first_.at(at) ^ bytes->at(at)) >> (8 - rest)) == 0;
}

}  // namespace muster
