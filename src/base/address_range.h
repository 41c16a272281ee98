// A range of network addresses as an operator writes it: "10.0.0.1", "10.0.0.0/8", "fd00::/8".
//
//   auto range = AddressRange::parse("10.0.0.0/8");
//   if (range && range->contains("10.1.2.3")) ...
//
// IPv4 addresses and those written in IPv6 ("::ffff:10.1.2.3") are the same. Plain value.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace muster {

class AddressRange {
 public:
  // nullopt: not an address, or a prefix length that is none. Bits behind the prefix are ignored.
  [[nodiscard]] static std::optional<AddressRange> parse(std::string_view text);

  // False also for a text that is no address.
  [[nodiscard]] bool contains(std::string_view address) const;

  friend bool operator==(const AddressRange&, const AddressRange&) = default;

 private:
  using Bytes = std::array<std::uint8_t, 16>;  // IPv4 as mapped into IPv6

  AddressRange(const Bytes& first, unsigned prefix_bits)
      : first_(first), prefix_bits_(prefix_bits) {}

  [[nodiscard]] static std::optional<Bytes> parse_address(std::string_view text);

  Bytes first_;
  unsigned prefix_bits_;  // of 128
};

}  // namespace muster
