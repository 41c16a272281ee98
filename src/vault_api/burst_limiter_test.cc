#include "vault_api/burst_limiter.h"

#include <gtest/gtest.h>

namespace muster::vault_api {
namespace {

using namespace std::chrono_literals;

constexpr directory::VaultId kQuality{3003};
constexpr directory::VaultId kClinical{4112};

TEST(BurstLimiter, OffStillShowsNumbers) {
  BurstLimiter limiter(0);
  for (int call = 0; call < 3000; ++call) {
    const Burst burst = limiter.count(kQuality, 0ms);
    ASSERT_EQ(burst.limit, 2000);
    ASSERT_EQ(burst.remaining, 2000);
    ASSERT_EQ(burst.delay_ms, 0);
  }
}

TEST(BurstLimiter, BeyondTheLimitCallsAreHeldBackUntilTheWindowEnds) {
  BurstLimiter limiter(2);
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
  BurstLimiter limiter(1);
  EXPECT_EQ(limiter.count(kQuality, 0ms).remaining, 0);
  EXPECT_EQ(limiter.count(kClinical, 0ms).delay_ms, 0);
  EXPECT_EQ(limiter.count(kQuality, 0ms).delay_ms, 500);
}

}  // namespace
}  // namespace muster::vault_api
