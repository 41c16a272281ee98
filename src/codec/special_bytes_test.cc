#include "codec/special_bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace muster::codec {
namespace {

constexpr std::size_t kSizeMax = 200;  // some blocks, and every rest

TEST(RunEnd, IsTheFirstOtherByteOrTheEnd) {
  for (std::size_t run = 1; run <= kSizeMax; ++run) {
    std::string text = "x" + std::string(run, '\n');
    EXPECT_EQ(run_end(text, 1), run + 1);
    EXPECT_EQ(run_end(text, run), run + 1);
    text.append("x").append(kSizeMax, '\n');
    EXPECT_EQ(run_end(text, 1), run + 1);
  }
}

TEST(ByteMask, NoneOfSaysWhetherTheMaskIsEmpty) {
  std::string block(ByteMask::kBlock, 'x');
  EXPECT_TRUE((ByteMask::none_of<',', '\n'>(block.data())));
  for (std::size_t at = 0; at < block.size(); ++at) {
    for (const char wanted : {',', '\n'}) {
      block[at] = wanted;
      EXPECT_EQ((ByteMask::of<',', '\n'>(block.data())), std::uint64_t{1} << at);
      EXPECT_FALSE((ByteMask::none_of<',', '\n'>(block.data())));
    }
    block[at] = 'x';
  }
}

}  // namespace
}  // namespace muster::codec
