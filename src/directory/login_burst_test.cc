#include "directory/login_burst.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "directory/fake_secrets.h"
#include "directory/testing.h"

namespace muster::directory {
namespace {

using namespace std::chrono_literals;

constexpr const char* kName = "nadia.brandt@example.com";
constexpr const char* kDns = "quality.example.com";

class LoginBurstTest : public ::testing::Test {
 protected:
  // Tries of this name until the first refusal.
  int tries_left(std::string_view name) {
    int tries = 0;
    while (burst_.count(name, kDns)) ++tries;
    return tries;
  }

  testing::StandingClock clock_;
  testing::FakeHasher hasher_;
  SharedCounts alone_;
  LoginBurst burst_{alone_, clock_, hasher_, 20};
};

TEST_F(LoginBurstTest, DelaysFromHalfOfTheLimitOnAndRefusesAtTheLimit) {
  for (int used = 0; used < 20; ++used) {
    const auto burst = burst_.count(kName, kDns);
    ASSERT_TRUE(burst) << used;
    EXPECT_EQ(burst->limit, 20);
    EXPECT_EQ(burst->remaining, 19 - used);
    EXPECT_EQ(burst->delay_ms, used < 10 ? 0 : 500) << used;
  }
  for (int i = 0; i < 3; ++i) {
    const auto refused = burst_.count(kName, kDns);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().type, ErrorType::kApiLimitExceeded);
  }
}

TEST_F(LoginBurstTest, NextMinuteBeginsAnew) {
  EXPECT_EQ(tries_left(kName), 20);
  clock_.advance(59'999ms);
  EXPECT_FALSE(burst_.count(kName, kDns));
  clock_.advance(1ms);
  EXPECT_EQ(tries_left(kName), 20);
}

TEST_F(LoginBurstTest, NameAndDnsAreComparedIgnoringCase) {
  EXPECT_EQ(tries_left(kName), 20);
  EXPECT_FALSE(burst_.count("Nadia.Brandt@EXAMPLE.com", "Quality.Example.Com"));
}

TEST_F(LoginBurstTest, OtherNamesAndOtherVaultsCountForThemselves) {
  EXPECT_EQ(tries_left(kName), 20);
  EXPECT_TRUE(burst_.count("mei.tan@example.com", kDns));
  EXPECT_TRUE(burst_.count(kName, "clinical.example.com"));
  EXPECT_TRUE(burst_.count(kName, ""));
}

TEST_F(LoginBurstTest, WithoutALimitNothingIsCounted) {
  LoginBurst off(alone_, clock_, hasher_, 0);
  for (int i = 0; i < 100; ++i) {
    const auto burst = off.count(kName, kDns);
    ASSERT_TRUE(burst);
    EXPECT_EQ(burst->limit, limits::kBurstLimitShown);
    EXPECT_EQ(burst->remaining, limits::kBurstLimitShown);
    EXPECT_EQ(burst->delay_ms, 0);
  }
}

TEST_F(LoginBurstTest, FullTableForgetsTheEarliestName) {
  EXPECT_EQ(tries_left("first@example.com"), 20);
  EXPECT_EQ(tries_left("second@example.com"), 20);
  // Together with the second it is full; one name had to go.
  for (std::size_t i = 0; i + 1 < limits::kLoginNamesMax; ++i) {
    ASSERT_TRUE(burst_.count("name" + std::to_string(i), kDns));
  }
  EXPECT_FALSE(burst_.count("second@example.com", kDns));
  EXPECT_TRUE(burst_.count("first@example.com", kDns));
}

TEST_F(LoginBurstTest, ParallelTriesAreCountedExactly) {
  std::atomic<int> allowed{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) allowed += burst_.count(kName, kDns) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(allowed, 20);
}

// Nineteen tries of each name at other servers.
class OtherServers final : public SharedCounts {
 public:
  std::optional<std::int64_t> count_shared(const SharedCount& count) override {
    EXPECT_EQ(count.window, 1min);
    EXPECT_EQ(count.by, 1);
    return 19 + ++counts_[std::string(count.key)];
  }

 private:
  std::map<std::string, std::int64_t> counts_;
};

TEST_F(LoginBurstTest, TriesAtOtherServersCount) {
  OtherServers others;
  LoginBurst burst(others, clock_, hasher_, 20);
  const auto last = burst.count(kName, kDns);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->remaining, 0);
  EXPECT_FALSE(burst.count(kName, kDns));
  EXPECT_TRUE(burst.count("somebody.else@example.com", kDns));
}

}  // namespace
}  // namespace muster::directory
