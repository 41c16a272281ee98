#include "vault_api/burst_limiter.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace muster::vault_api {
namespace {

using namespace std::chrono_literals;

constexpr directory::VaultId kQuality{3003};
constexpr directory::VaultId kClinical{4112};

TEST(BurstLimiter, OffStillShowsNumbers) {
  directory::SharedCounts alone;
  BurstLimiter limiter(0, alone);
  for (int call = 0; call < 3000; ++call) {
    const Burst burst = limiter.count(kQuality, 0ms);
    ASSERT_EQ(burst.limit, 2000);
    ASSERT_EQ(burst.remaining, 2000);
    ASSERT_EQ(burst.delay_ms, 0);
  }
}

TEST(BurstLimiter, BeyondTheLimitCallsAreHeldBackUntilTheWindowEnds) {
  directory::SharedCounts alone;
  BurstLimiter limiter(2, alone);
  EXPECT_EQ(limiter.count(kQuality, 0ms).remaining, 1);
  const Burst last = limiter.count(kQuality, 1s);
  EXPECT_EQ(last.remaining, 0);
  EXPECT_EQ(last.delay_ms, 0);
  EXPECT_EQ(limiter.count(kQuality, 2s).delay_ms, 500);
  EXPECT_EQ(limiter.count(kQuality, 5min - 1ms).delay_ms, 500);
  const Burst fresh = limiter.count(kQuality, 5min);
  EXPECT_EQ(fresh.remaining, 1);
  EXPECT_EQ(fresh.delay_ms, 0);
}

TEST(BurstLimiter, VaultsAreCountedApart) {
  directory::SharedCounts alone;
  BurstLimiter limiter(1, alone);
  EXPECT_EQ(limiter.count(kQuality, 0ms).remaining, 0);
  EXPECT_EQ(limiter.count(kClinical, 0ms).delay_ms, 0);
  EXPECT_EQ(limiter.count(kQuality, 0ms).delay_ms, 500);
}

// What another server has counted.
class OtherServers final : public directory::SharedCounts {
 public:
  std::optional<std::int64_t> count_shared(const directory::SharedCount& count) override {
    EXPECT_EQ(count.key, "calls 3003");
    EXPECT_EQ(count.window, 5min);
    told.push_back(count.by);
    return elsewhere + count.by;
  }
  std::vector<std::int64_t> told;
  std::int64_t elsewhere = 0;
};

TEST(BurstLimiter, WhatOtherServersCountCounts) {
  OtherServers others;
  others.elsewhere = 7;
  BurstLimiter limiter(10, others);
  EXPECT_EQ(limiter.count(kQuality, 0ms).remaining, 9);  // and learns of the others
  EXPECT_EQ(limiter.count(kQuality, 1ms).remaining, 1);
  EXPECT_EQ(limiter.count(kQuality, 2ms).remaining, 0);
  EXPECT_EQ(limiter.count(kQuality, 999ms).delay_ms, 500);
  EXPECT_EQ(others.told, (std::vector<std::int64_t>{1}));
  others.elsewhere = 0;  // the window they share is over
  EXPECT_EQ(limiter.count(kQuality, 1s).delay_ms, 500);
  EXPECT_EQ(others.told, (std::vector<std::int64_t>{1, 4}));
  EXPECT_EQ(limiter.count(kQuality, 1s).remaining, 5);
}

}  // namespace
}  // namespace muster::vault_api
