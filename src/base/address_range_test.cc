#include "base/address_range.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

bool is_in(std::string_view address, std::string_view range) {
  const auto parsed = AddressRange::parse(range);
  EXPECT_TRUE(parsed.has_value()) << range;
  return parsed && parsed->contains(address);
}

TEST(AddressRange, OneAddress) {
  EXPECT_TRUE(is_in("10.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(is_in("10.0.0.2", "10.0.0.1"));
  EXPECT_TRUE(is_in("fd00:0::1", "fd00::1"));
}

TEST(AddressRange, Prefixes) {
  EXPECT_TRUE(is_in("10.255.3.4", "10.0.0.0/8"));
  EXPECT_FALSE(is_in("11.0.0.1", "10.0.0.0/8"));
  EXPECT_TRUE(is_in("172.31.255.255", "172.16.0.0/12"));
  EXPECT_FALSE(is_in("172.32.0.0", "172.16.0.0/12"));
  EXPECT_TRUE(is_in("10.1.2.3", "10.9.9.9/8"));  // bits behind the prefix
  EXPECT_TRUE(is_in("192.0.2.1", "0.0.0.0/0"));
  EXPECT_FALSE(is_in("fd00::1", "0.0.0.0/0"));
  EXPECT_TRUE(is_in("fd12::1", "fd00::/8"));
  EXPECT_FALSE(is_in("fe80::1", "fd00::/8"));
}

TEST(AddressRange, AnIpv4AddressWrittenInIpv6IsTheSame) {
  EXPECT_TRUE(is_in("::ffff:10.0.0.1", "10.0.0.0/8"));
  EXPECT_TRUE(is_in("10.0.0.1", "::ffff:10.0.0.1"));
}

TEST(AddressRange, OtherTexts) {
  for (const char* text : {"", "proxy", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
                           "10.0.0.0/8/8", "fd00::/129", "10.0.0.0/255.0.0.0", " 10.0.0.1"}) {
    EXPECT_FALSE(AddressRange::parse(text).has_value()) << text;
  }
  EXPECT_FALSE(is_in("proxy", "0.0.0.0/0"));
  EXPECT_FALSE(is_in("10.0.0.1:80", "10.0.0.0/8"));
}

}  // namespace
}  // namespace muster
