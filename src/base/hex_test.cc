#include "base/hex.h"

#include <gtest/gtest.h>

#include <array>

namespace muster {
namespace {

constexpr std::array<std::uint8_t, 5> kBytes{0x00, 0x0F, 0xA0, 0x5C, 0xFF};

TEST(Hex, EveryByteBecomesTwoDigits) {
  EXPECT_EQ(hex_upper(kBytes), "000FA05CFF");
  EXPECT_EQ(hex_lower(kBytes), "000fa05cff");
}

TEST(Hex, NothingBecomesNothing) { EXPECT_EQ(hex_upper({}), ""); }

}  // namespace
}  // namespace muster
