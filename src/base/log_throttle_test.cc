#include "base/log_throttle.h"

#include <gtest/gtest.h>

namespace muster::log {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Throttle, TwentyAtOnceThenTenASecondThenTheNumberOfThoseLeftOut) {
  Throttle throttle;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(throttle.admit("a", milliseconds(5)), 0U);
  for (int i = 0; i < 7; ++i) EXPECT_FALSE(throttle.admit("a", milliseconds(50)));
  EXPECT_EQ(throttle.admit("a", milliseconds(120)), 7U);
  EXPECT_FALSE(throttle.admit("a", milliseconds(130)));
  EXPECT_EQ(throttle.admit("a", milliseconds(230)), 1U);
}

TEST(Throttle, KindsAreApart) {
  Throttle throttle;
  while (throttle.admit("a", seconds(1))) {
  }
  EXPECT_EQ(throttle.admit("b", seconds(1)), 0U);
}

TEST(Throttle, AQuietTimeFillsItAgainButNoFurther) {
  Throttle throttle;
  int lines = 0;
  while (throttle.admit("a", seconds(1))) ++lines;
  while (throttle.admit("a", seconds(1000))) ++lines;
  EXPECT_EQ(lines, 40);
}

}  // namespace
}  // namespace muster::log
