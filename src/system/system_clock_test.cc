#include "system/system_clock.h"

#include <gtest/gtest.h>

namespace muster::system {
namespace {

TEST(SystemClock, WallTimeIsThatOfTheComputer) {
  const SystemClock clock;
  const auto before =
      std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const Timestamp now = clock.now();
  EXPECT_GE(now, before);
  EXPECT_LE(now, std::chrono::system_clock::now());
}

TEST(SystemClock, SteadyTimeNeverGoesBack) {
  const SystemClock clock;
  auto last = clock.steady();
  for (int i = 0; i < 10'000; ++i) {
    const auto now = clock.steady();
    ASSERT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace muster::system
