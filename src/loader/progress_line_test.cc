#include "loader/progress_line.h"

#include <gmock/gmock.h>

#include "loader/rate_meter.h"

namespace muster::loader {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr ProgressFigures kMiddle{.total = 1'000'000,
                                  .done = 432'100,
                                  .failed = 12,
                                  .per_second = 12'345,
                                  .per_second_recent = 10'000};

TEST(ProgressLine, EightyColumns) {
  EXPECT_EQ(terminal_line(kMiddle, 80, false),
            "[####-------]   43.2%  432100/1000000  12.3k/s  now 10.0k/s  ETA 0:57  failed 12");
}

TEST(ProgressLine, FortyColumns) {
  EXPECT_EQ(terminal_line(kMiddle, 40, false), " 43.2%  12.3k/s  ETA 0:57  failed 12");
}

TEST(ProgressLine, TwoHundredColumnsHaveABarThatCanBeSeenWhole) {
  const std::string line = terminal_line(kMiddle, 200, false);
  EXPECT_THAT(line,
              StartsWith("[#################-----------------------]   43.2%  432100/1000000"));
}

TEST(ProgressLine, NoWidthIsExceeded) {
  for (std::size_t width = 0; width < 250; ++width) {
    EXPECT_LE(terminal_line(kMiddle, width, false).size(), width);
  }
  EXPECT_EQ(terminal_line(kMiddle, 6, false), " 43.2%");
}

TEST(ProgressLine, ColourTakesNoColumn) {
  EXPECT_EQ(terminal_line(kMiddle, 40, true),
            " 43.2%  12.3k/s  ETA 0:57  \x1B[31mfailed 12\x1B[0m");
  ProgressFigures fine = kMiddle;
  fine.failed = 0;
  EXPECT_EQ(terminal_line(fine, 40, true), terminal_line(fine, 40, false));
}

TEST(ProgressLine, AHundredPercentIsSaidWhenAllIsDoneOnly) {
  ProgressFigures figures = kMiddle;
  figures.done = 999'999;
  EXPECT_THAT(terminal_line(figures, 40, false), HasSubstr(" 99.9%"));
  figures.done = 1'000'000;
  EXPECT_THAT(terminal_line(figures, 80, false), HasSubstr("#]  100.0%"));
  EXPECT_THAT(terminal_line({}, 80, false), HasSubstr("100.0%"));  // a file without records
}

TEST(ProgressLine, TimeLeft) {
  EXPECT_EQ(time_left({.total = 100, .done = 0}), "-:--");
  EXPECT_EQ(time_left({.total = 100, .done = 50, .per_second = 10}), "0:05");
  EXPECT_EQ(time_left({.total = 7400, .done = 0, .per_second = 1}), "2:03:20");
  EXPECT_EQ(time_left({.total = 1'000'000'000, .per_second = 1}), "99:59:59");
  EXPECT_EQ(time_left({.total = 100, .done = 100}), "0:00");
}

TEST(ProgressLine, PlainLines) {
  EXPECT_EQ(plain_line(kMiddle),
            "43.2%, 432100 of 1000000 records, 12345 records/s (now 10000), ETA 0:57, failed 12");
}

TEST(RateMeter, RecentIsTheLastSeconds) {
  const RateMeter::Time start{};
  RateMeter rate(500, start);
  EXPECT_EQ(rate.overall(), 0);
  for (unsigned second = 1; second <= 10; ++second)
    rate.sample(500 + 100U * second, start + second * 1s);
  for (unsigned second = 11; second <= 20; ++second) rate.sample(1500, start + second * 1s);
  EXPECT_DOUBLE_EQ(rate.overall(), 50);
  EXPECT_DOUBLE_EQ(rate.recent(), 0);
}

TEST(RateMeter, AShortRunIsAllRecent) {
  const RateMeter::Time start{};
  RateMeter rate(0, start);
  rate.sample(1000, start + 500ms);
  EXPECT_DOUBLE_EQ(rate.recent(), 2000);
  EXPECT_DOUBLE_EQ(rate.overall(), 2000);
}

}  // namespace
}  // namespace muster::loader
