#include "directory/execution_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

#include "directory/fake_secrets.h"

namespace muster::directory {
namespace {

using ::testing::MatchesRegex;

constexpr Timestamp kExample{std::chrono::milliseconds{0x017F22E279B0}};  // RFC 9562, A.6

class ZeroRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = 0;
  }
};

TEST(ExecutionId, ShowsTimeVersionAndVariant) {
  ZeroRandom random;
  EXPECT_EQ(make_uuid_v7(kExample, random), "017f22e2-79b0-7000-8000-000000000000");
}

TEST(ExecutionId, RandomBitsChangeNeitherVersionNorVariant) {
  testing::FakeRandom random;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_THAT(make_uuid_v7(kExample, random),
                MatchesRegex("017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  }
}

TEST(ExecutionId, LaterMillisecondSortsLater) {
  testing::FakeRandom random;
  std::string last;
  for (int ms = 0; ms < 5000; ++ms) {
    const std::string id = make_uuid_v7(kExample + std::chrono::milliseconds(ms), random);
    ASSERT_LT(last, id);
    last = id;
  }
}

TEST(ExecutionId, SameMillisecondIsStillUnique) {
  testing::FakeRandom random;
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(make_uuid_v7(kExample, random));
  EXPECT_EQ(ids.size(), 10'000U);
}

}  // namespace
}  // namespace muster::directory
