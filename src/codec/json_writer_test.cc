#include "codec/json_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace muster::codec {
namespace {

using namespace std::string_view_literals;

std::string text(std::string_view value) {
  JsonWriter w;
  w.string(value);
  return w.take();
}

TEST(JsonWriter, Envelope) {
  JsonWriter w;
  w.begin_object();
  w.member("responseStatus", "SUCCESS");
  w.member("size", 2);
  w.member("dryRun", true);
  w.key("none");
  w.null();
  w.key("data");
  w.begin_array();
  w.begin_object();
  w.member("id", std::string("25001"));
  w.end_object();
  w.begin_object();
  w.end_object();
  w.begin_array();
  w.end_array();
  w.number(-7);
  w.boolean(false);
  w.string("x");
  w.raw(R"({"a":1})");
  w.end_array();
  w.member("last", std::string_view("y"));
  w.end_object();
  EXPECT_EQ(w.take(), R"({"responseStatus":"SUCCESS","size":2,"dryRun":true,"none":null,)"
                      R"("data":[{"id":"25001"},{},[],-7,false,"x",{"a":1}],"last":"y"})");
}

TEST(JsonWriter, Escapes) {
  EXPECT_EQ(text("plain"), R"("plain")");
  EXPECT_EQ(text(""), R"("")");
  EXPECT_EQ(text("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(text("a\0\x1F\x7F"sv), "\"a\\u0000\\u001f\x7F\"");
  EXPECT_EQ(text("S\xC3\xB6hne \xF0\x9F\x98\x80"), "\"S\xC3\xB6hne \xF0\x9F\x98\x80\"");
}

TEST(JsonWriter, KeysAreEscaped) {
  JsonWriter w;
  w.begin_object();
  w.member("a\"b", 1);
  w.end_object();
  EXPECT_EQ(w.take(), R"({"a\"b":1})");
}

TEST(JsonWriter, NumbersOfEveryWidth) {
  JsonWriter w;
  w.begin_array();
  w.number(std::numeric_limits<std::int64_t>::min());
  w.number(std::numeric_limits<std::uint64_t>::max());
  w.number(std::size_t{3});
  w.end_array();
  EXPECT_EQ(w.take(), "[-9223372036854775808,18446744073709551615,3]");
}

TEST(JsonWriter, WritesAgainAfterTake) {
  JsonWriter w;
  w.begin_array();
  w.end_array();
  EXPECT_EQ(w.take(), "[]");
  w.begin_object();
  w.end_object();
  EXPECT_EQ(w.take(), "{}");
}

TEST(JsonWriterDeathTest, Misuse) {
  EXPECT_DEATH(
      {
        JsonWriter w;
        w.begin_object();
        w.string("a value without its key");
      },
      "in_object");
  EXPECT_DEATH(
      {
        JsonWriter w;
        w.begin_array();
        w.key("in an array");
      },
      "objects_");
  EXPECT_DEATH(
      {
        JsonWriter w;
        w.begin_object();
        (void)w.take();
      },
      "depth_ == 0");
  EXPECT_DEATH(
      {
        JsonWriter w;
        w.begin_array();
        w.end_object();
      },
      "object");
  EXPECT_DEATH(
      {
        JsonWriter w;
        w.null();
        w.null();
      },
      "out_.empty");
}

}  // namespace
}  // namespace muster::codec
