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

// By the rule of RFC 8259, section 7, said another way than the code does.
std::string escaped_alone(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (static_cast<unsigned char>(c) >= 0x20) return {c};
  return std::string("\\u00") + (c < 0x10 ? '0' : '1') + "0123456789abcdef"[c & 0xF];
}

TEST(JsonEscape, SpecialBytesOnly) {
  EXPECT_EQ(escaped(""), "");
  EXPECT_EQ(escaped("Z\xC3\xBCrich / \x7F"), "Z\xC3\xBCrich / \x7F");
  EXPECT_EQ(escaped("\"\\\b\f\n\r\t"), "\\\"\\\\\\b\\f\\n\\r\\t");
  EXPECT_EQ(escaped(std::string_view("\0\x1F", 2)), "\\u0000\\u001f");
}

// Texts are looked at in blocks: each byte value at each place of one, with each length of a rest.
TEST(JsonEscape, FindsEverySpecialByteAtEveryPlace) {
  for (int value = 0; value < 256; ++value) {
    const std::string byte(1, static_cast<char>(value));
    for (std::size_t size = 1; size <= 40; ++size) {
      for (std::size_t place = 0; place < size; ++place) {
        std::string text(size, 'x');
        text[place] = byte.front();
        const std::string expected = std::string(place, 'x') + escaped_alone(byte.front()) +
                                     std::string(size - place - 1, 'x');
        ASSERT_EQ(escaped(text), expected) << value << " at " << place << " of " << size;
      }
    }
  }
}

TEST(JsonEscape, AppendsBehindWhatIsThere) {
  std::string out = "[";
  append_json_string(out, "");
  append_json_string(out, "a plain text of some length");
  append_json_string(out, "one \"quote\"");
  EXPECT_EQ(out, R"(["""a plain text of some length""one \"quote\"")");
}

}  // namespace
}  // namespace muster
