#include "base/text.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace muster {
namespace {

TEST(Trim, BlanksAndTabsAtBothEnds) {
  EXPECT_EQ(trim(" \t a b \t"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(AsciiLower, OnlyAsciiLettersChange) { EXPECT_EQ(ascii_lower("AbÄZ9"), "abÄz9"); }

TEST(EqualsIgnoringCase, LengthAndLetters) {
  EXPECT_TRUE(equals_ignoring_case("Content-Type", "content-type"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
}

TEST(CountCodePoints, CountsCharactersNotBytes) { EXPECT_EQ(count_code_points("aé€😀"), 4U); }

TEST(IsWord, LettersDigitsUnderscores) {
  for (const char* good : {"a", "Z", "_", "system_admin__v", "7"})
    EXPECT_TRUE(is_word(good)) << good;
  for (const char* bad : {"", "a b", "a:b", "a-b", "\u00e9", "a;"})
    EXPECT_FALSE(is_word(bad)) << bad;
}

TEST(Excerpt, CutsOnACodePointBoundary) {
  std::string text(limits::kMessageTextBytesMax - 1, 'x');
  EXPECT_EQ(excerpt(text), text);
  EXPECT_EQ(excerpt(text + "€€"), text + "...");
}

TEST(Text, PrintableExcerptHasNoControlCharacters) {
  EXPECT_EQ(printable_excerpt(std::string_view("a\0b\tc\nd\x7F€", 11)), "a?b\tc\nd?€");
}

TEST(ParseDigits, WholeTextDigitsOnly) {
  EXPECT_EQ(parse_digits<int>("007"), 7);
  EXPECT_EQ(parse_digits<int>("2147483647"), 2147483647);
  for (const char* bad : {"", "+5", "-5", " 5", "5 ", "0x5", "12.0", "2147483648"}) {
    EXPECT_FALSE(parse_digits<int>(bad)) << bad;
  }
}

}  // namespace
}  // namespace muster
