#include "base/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace muster::log {
namespace {

std::string logged(Format format, std::string_view event, Fields fields) {
  set_format(format);
  testing::internal::CaptureStderr();
  info(event, fields);
  set_format(Format::kText);
  return testing::internal::GetCapturedStderr();
}

TEST(Log, TextLineHasLevelEventAndFields) {
  const std::string line = logged(Format::kText, "batch applied", {{"records", 500}, {"ok", true}});
  EXPECT_NE(line.find(" info batch applied records=500 ok=true\n"), std::string::npos) << line;
}

TEST(Log, JsonLineIsOneObject) {
  const std::string line = logged(Format::kJson, "login", {{"user", "a\"b"}});
  EXPECT_NE(line.find(R"("level":"info","event":"login","user":"a\"b"})"), std::string::npos)
      << line;
}

TEST(Log, ForgedLinesAndEscapesStayInOneLine) {
  const std::string line = logged(Format::kText, "request",
                                  {{"agent", std::string_view("a\r\n2026 info x\x1b[31m\0z", 21)}});
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_NE(line.find("\\u000d\\u000a2026"), std::string::npos) << line;
}

TEST(Log, OnlyWhatHasToBeIsEscaped) {
  const std::string line = logged(Format::kText, "request",
                                  {{"agent", "\"a\\b\" \x7F\xC3\xB6"}, {"empty", ""}, {"n", -7}});
  EXPECT_NE(line.find(R"(agent="\"a\\b\" \u007fö" empty="" n=-7)"), std::string::npos) << line;
}

TEST(Log, LongTextIsCut) {
  EXPECT_LT(logged(Format::kText, "request", {{"path", std::string(1'000'000, 'x')}}).size(), 400U);
}

}  // namespace
}  // namespace muster::log
