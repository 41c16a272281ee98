#include "base/time.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(Time, BothFormsOfOneInstant) {
  const auto at = parse_date_time("2025-02-11T09:30:05.042Z");
  ASSERT_TRUE(at);
  EXPECT_EQ(format_date_time(*at), "2025-02-11T09:30:05.042Z");
  EXPECT_EQ(format_audit_time(*at), "2025-02-11T09:30:05Z");
  EXPECT_EQ(parse_date_time("2025-02-11T09:30:05Z"), *at - std::chrono::milliseconds(42));
}

TEST(Time, EveryPartHasItsZeros) {
  for (const char* text :
       {"0000-01-01T00:00:00.000Z", "0007-02-03T04:05:06.007Z", "9999-12-31T23:59:59.999Z"}) {
    const auto at = parse_date_time(text);
    ASSERT_TRUE(at) << text;
    EXPECT_EQ(format_date_time(*at), text);
  }
}

TEST(Time, BareDateIsItsMidnight) {
  EXPECT_EQ(parse_date_time("2024-02-29"), parse_date_time("2024-02-29T00:00:00Z"));
}

TEST(Time, BeforeTheEpoch) {
  const auto at = parse_date_time("1969-12-31T23:59:59.999Z");
  ASSERT_TRUE(at);
  EXPECT_EQ(format_date_time(*at), "1969-12-31T23:59:59.999Z");
}

TEST(Time, RefusesWhatIsNotADateTime) {
  for (const char* bad : {"", "2025", "2025-02-30", "2025-13-01", "2025-02-11T24:00:00Z",
                          "2025-02-11T09:30:05", "2025-02-11 09:30:05Z",
                          "2025-02-11T09:30:05+01:00", "2025-02-11T09:30:05.04Z", "2025-02-1a"}) {
    EXPECT_FALSE(parse_date_time(bad)) << bad;
  }
}

}  // namespace
}  // namespace muster
