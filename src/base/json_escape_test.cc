#include "base/json_escape.h"

#include <gtest/gtest.h>

#include <string>

namespace muster {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_json_escaped(out, text);
  return out;
}

TEST(JsonEscape, SpecialBytesOnly) {
  EXPECT_EQ(escaped(""), "");
  EXPECT_EQ(escaped("Z\xC3\xBCrich / \x7F"), "Z\xC3\xBCrich / \x7F");
  EXPECT_EQ(escaped("\"\\\b\f\n\r\t"), "\\\"\\\\\\b\\f\\n\\r\\t");
  EXPECT_EQ(escaped(std::string_view("\0\x1F", 2)), "\\u0000\\u001f");
}

// Long texts are looked at in blocks: each byte value at each place of one.
TEST(JsonEscape, FindsEverySpecialByteAtEveryPlace) {
  for (int value = 0; value < 256; ++value) {
    const bool special = value < 0x20 || value == '"' || value == '\\';
    for (std::size_t place = 0; place < 40; ++place) {
      std::string text(40, 'x');
      text[place] = static_cast<char>(value);
      ASSERT_EQ(find_json_special(text), special ? place : text.size()) << value << " at " << place;
    }
  }
}

}  // namespace
}  // namespace muster
