#include "codec/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "codec/record_log.h"

namespace muster::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using namespace std::string_view_literals;
using Cells = std::vector<LoggedCell>;

// Reads the body whole, and checks that no cut changes anything.
Reading read(std::string_view body) {
  EXPECT_EQ(cuts_that_matter<JsonReader>(body), 0U) << body.substr(0, 200);
  return read_whole<JsonReader>(body);
}

Cells only_record(std::string_view body) {
  const Reading reading = read(body);
  EXPECT_TRUE(reading.ok) << body << "\n" << reading;
  EXPECT_THAT(reading.records, SizeIs(1)) << body;
  return reading.records.empty() ? Cells{} : reading.records[0].cells;
}

LoggedCell only_cell(std::string_view value) {
  const Cells cells = only_record("[{\"k\":" + std::string(value) + "}]");
  EXPECT_THAT(cells, SizeIs(1));
  return cells.empty() ? LoggedCell{} : cells[0];
}

void expect_error(std::string_view body, std::string_view part) {
  const Reading reading = read(body);
  EXPECT_FALSE(reading.ok) << body.substr(0, 200);
  EXPECT_EQ(reading.error.type, ErrorType::kInvalidData) << body.substr(0, 200);
  EXPECT_THAT(reading.error.message, HasSubstr(part)) << body.substr(0, 200);
}

struct CellCase {
  const char* situation;
  std::string_view source;
  std::string_view text;
  CellKind kind = CellKind::kText;
};

class JsonCell : public ::testing::TestWithParam<CellCase> {};

TEST_P(JsonCell, IsReadAs) {
  const LoggedCell cell = only_cell(GetParam().source);
  EXPECT_EQ(cell.text, GetParam().text);
  EXPECT_EQ(cell.kind, GetParam().kind);
  EXPECT_EQ(cell.name, "k");
}

INSTANTIATE_TEST_SUITE_P(
    Situations, JsonCell,
    ::testing::Values(
        CellCase{"Text", R"("x")", "x"}, CellCase{"EmptyText", R"("")", ""},
        CellCase{"Escapes", R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
        CellCase{"EscapeInside", R"("ab\u00e9cd")",
                 "ab\xC3\xA9"
                 "cd"},
        CellCase{"SurrogatePair", R"("\ud83d\ude00")", "\xF0\x9F\x98\x80"},
        CellCase{"NulEscape", R"("a\u0000b")", "a\0b"sv},
        CellCase{"BackslashesAreNotHalved", R"("a\\\\b")", R"(a\\b)"},
        CellCase{"TextNull", R"("null")", "null"},
        CellCase{"Null", "null", "null", CellKind::kNull},
        CellCase{"True", "true", "true", CellKind::kBoolean},
        CellCase{"False", " false ", "false", CellKind::kBoolean},
        CellCase{"Number", "5551234", "5551234"}, CellCase{"NegativeZero", "-0", "-0"},
        CellCase{"Fraction", "12021.0", "12021.0"}, CellCase{"Exponent", "1E+05", "1E+05"},
        CellCase{"LongNumber", "123456789012345678901234567890.5e-3",
                 "123456789012345678901234567890.5e-3"},
        CellCase{"EmptyArray", "[ ]", "[]", CellKind::kNested},
        CellCase{"EmptyObject", "{ }", "{}", CellKind::kNested},
        CellCase{"Array", R"([ "a" , 1 , -2.50 , true , null , [ ] , [ 2 , 3 ] , { } ])",
                 R"(["a",1,-2.50,true,null,[],[2,3],{}])", CellKind::kNested},
        CellCase{"Memberships",
                 R"([ {"id" : 3003, "active__v": true}, {"id":3004, "a":{"b":[]}} ])",
                 R"([{"id":3003,"active__v":true},{"id":3004,"a":{"b":[]}}])", CellKind::kNested},
        CellCase{"NestedEscapes", R"({"a\"b":"\u0001\u00e9\n\/"})",
                 "{\"a\\\"b\":\"\\u0001\xC3\xA9\\n/\"}", CellKind::kNested},
        CellCase{"NestedEmptyTexts", R"({"":"","a":["",""]})", R"({"":"","a":["",""]})",
                 CellKind::kNested}),
    [](const auto& situation) { return situation.param.situation; });

TEST(JsonReader, ArrayOfRecords) {
  const Reading reading = read(R"( [ {"id":1,"a":"x"}, {} , {"a":null,"id":"2"} ] )");
  ASSERT_TRUE(reading.ok) << reading;
  EXPECT_THAT(reading.headers, IsEmpty());
  ASSERT_THAT(reading.records, SizeIs(3));
  EXPECT_EQ(reading.records[0].cells, (Cells{{"id", "1"}, {"a", "x"}}));
  EXPECT_THAT(reading.records[1].cells, IsEmpty());
  EXPECT_TRUE(reading.records[1].is_object);
  EXPECT_EQ(reading.records[2].cells, (Cells{{"a", "null", CellKind::kNull}, {"id", "2"}}));
}

TEST(JsonReader, EmptyArray) {
  const Reading reading = read("[]");
  EXPECT_TRUE(reading.ok);
  EXPECT_THAT(reading.records, IsEmpty());
}

TEST(JsonReader, ElementsThatAreNoObjects) {
  const Reading reading = read(R"([1,"x",[{"id":1},[2]],null,true,-0.5,{"id":7},[]])");
  ASSERT_TRUE(reading.ok) << reading;
  ASSERT_THAT(reading.records, SizeIs(8));
  for (std::size_t i = 0; i < reading.records.size(); ++i) {
    EXPECT_EQ(reading.records[i].is_object, i == 6) << i;
    EXPECT_EQ(reading.records[i].cells.size(), i == 6 ? 1U : 0U) << i;
  }
  EXPECT_EQ(reading.records[6].cells, (Cells{{"id", "7"}}));
}

TEST(JsonReader, WhatGetAnsweredIsRead) {
  const Reading reading =
      read(R"({"responseStatus":"SUCCESS","size":2,"details":{"a":[1]},)"
           R"("users":[{"user":{"id":1,"vault_membership":[{"id":3003}]}},{"id":2}],)"
           R"("start":0,"errors":[{"x":{}}],"more":{"y":[[]]}})");
  ASSERT_TRUE(reading.ok) << reading;
  ASSERT_THAT(reading.records, SizeIs(2));
  EXPECT_EQ(reading.records[0].cells,
            (Cells{{"id", "1"}, {"vault_membership", R"([{"id":3003}])", CellKind::kNested}}));
  EXPECT_EQ(reading.records[1].cells, (Cells{{"id", "2"}}));
}

TEST(JsonReader, DataArray) {
  EXPECT_EQ(only_record(R"({"data":[{"id":1}]})"), (Cells{{"id", "1"}}));
  const Reading none = read(R"({"data":[],"id":4})");
  EXPECT_TRUE(none.ok);
  EXPECT_THAT(none.records, IsEmpty());
}

TEST(JsonReader, TwoArraysOfRecords) {
  expect_error(R"({"data":[{"id":1}],"users":[]})", "two arrays of records");
}

TEST(JsonReader, SingleObjectIsOneRecord) {
  EXPECT_EQ(
      only_record(R"({"a":[1],"id":25004,"b":true})"),
      (Cells{{"a", "[1]", CellKind::kNested}, {"id", "25004"}, {"b", "true", CellKind::kBoolean}}));
  EXPECT_EQ(only_record(R"({"user":{"id":25004}})"), (Cells{{"id", "25004"}}));
  EXPECT_EQ(only_record(R"({"user_name__v":"new@example.com"})"),
            (Cells{{"user_name__v", "new@example.com"}}));  // to be created: it has no id yet
}

TEST(JsonReader, ObjectWithoutRecords) {
  EXPECT_EQ(only_record("{}"), Cells{});
  expect_error(R"({"records":[{"id":1}]})", "no record");
}

TEST(JsonReader, WrapperHasNoOtherMembers) {
  expect_error(R"([{"user":{"id":1},"x":2}])", "beside its [user] object");
  // Not the first member: an ordinary nested value.
  EXPECT_EQ(only_record(R"([{"id":1,"user":{"id":2}}])"),
            (Cells{{"id", "1"}, {"user", R"({"id":2})", CellKind::kNested}}));
  EXPECT_EQ(only_record(R"([{"user":"x"}])"), (Cells{{"user", "x"}}));
}

TEST(JsonReader, NeitherArrayNorObject) {
  for (const char* body : {"1", "\"x\"", "true", "null"}) {
    expect_error(body, "neither an array nor an object");
  }
}

TEST(JsonReader, DuplicateKeys) {
  expect_error(R"([{"id":1,"a":2,"id":3}])", "at offset 18: duplicate key [id]");
  expect_error(R"([{"a":1,"b":2},{"a":1,"c":3,"b":2,"a":1}])", "duplicate key [a]");
  expect_error(R"([{"a":1,"b":2,"c":3},{"c":1},{"c":1,"b":2,"c":3}])", "duplicate key [c]");
  expect_error(R"([{"m":[{"x":1,"x":2}]}])", "duplicate key [x]");
  expect_error(R"([{"a":1,"\u0061":2}])", "duplicate key [a]");
  expect_error(R"({"users":[],"x":{"b":{},"b":1}})", "duplicate key [b]");
  // The same keys in another order, fewer and more of them, are fine.
  EXPECT_TRUE(
      read(R"([{"a":1,"b":2,"c":3},{"b":1,"a":2},{"a":1,"b":2,"c":3,"d":4},{"d":1},{}])").ok);
  EXPECT_TRUE(read(R"([{"a":{"a":{"a":1}}},{"a":{"a":1}}])").ok);
}

// The key that is due is compared as it stands in the body; one with escapes must not be.
TEST(JsonReader, KeysAsInTheRecordBeforeAreReadWithTheirEscapes) {
  for (const char* body : {R"([{"a":"1","z":2},{"a":"1","z":2}])", R"([{"a\\":"1"},{"a\\":"1"}])",
                           R"([{"a\"":"1"},{"a\"":"1"}])", R"([{"\n":"1"},{"\n":"1"}])",
                           R"([{"\u0061":"1","b":[]},{"\u0061":"1","b":[]}])"}) {
    const Reading reading = read(body);
    ASSERT_THAT(reading.records, SizeIs(2)) << body << reading;
    EXPECT_EQ(reading.records[0], reading.records[1]) << body;
  }
  expect_error("[{\"a\\\\\":1},{\"a\\\":1}]", "incomplete JSON");
  expect_error("[{\"a\\n\":1},{\"a\n\":1}]", "at offset 14: syntax error");
  EXPECT_EQ(read(R"([{"ab":1},{"a":1},{"abc":1},{"":1},{"":2}])").records.size(), 5U);
}

TEST(JsonReader, SyntaxErrorsNameTheOffset) {
  expect_error("[{\"id\":1},]", "at offset 10: syntax error");
  expect_error("[{\"id\":1}", "at offset 9: incomplete JSON");
  expect_error("[] x", "at offset 3: text after the end");
  expect_error("[][]", "at offset 2: text after the end");
  expect_error("\xEF\xBB\xBF[nul]", "at offset 4");
  expect_error("[{'id':1}]", "at offset 2: syntax error");
  expect_error("[{\"id\":01}]", "at offset 8: syntax error");
  expect_error("[{\"a\":\"x\ny\"}]", "at offset 8: syntax error");
  expect_error("[1,/* */2]", "at offset 3: syntax error");
  expect_error("id,name\n1,x\n", "at offset 0: syntax error");
  expect_error("  \n ", "incomplete JSON");
}

TEST(JsonReader, HalfOfASurrogatePairIsRefused) {
  for (const char* text :
       {R"("\ud83d")", R"("\ude00")", R"("\ud83dx")", R"("\ud83d\n")", R"("\ud83d\ud83d")"}) {
    expect_error("[{\"a\":" + std::string(text) + "}]", "Invalid JSON at offset 1");
  }
}

TEST(JsonReader, BrokenUtf8) {
  expect_error("[{\"a\":\"\xC0\xAF\"}]", "not valid UTF-8 at byte offset 7");
  expect_error("[{\"a\":\"\xED\xA0\x80\"}]", "not valid UTF-8 at byte offset 7");
  expect_error("[]\xE2\x82", "not valid UTF-8 at byte offset 2");
}

TEST(JsonReader, ByteOrderMarksAndEmptyBodies) {
  EXPECT_EQ(only_record("\xEF\xBB\xBF[{\"id\":1}]"), (Cells{{"id", "1"}}));
  expect_error("\xFF\xFE[\0]\0"sv, "UTF-16");
  EXPECT_EQ(read("").error.type, ErrorType::kParameterRequired);
  EXPECT_EQ(read("\xEF\xBB\xBF").error.type, ErrorType::kParameterRequired);
}

TEST(JsonReader, NestingUpToTheLimit) {
  const auto nested = [](std::size_t levels) {
    // The array of records and the record are two of the levels.
    return "[{\"a\":" + std::string(levels - 2, '[') + std::string(levels - 2, ']') + "}]";
  };
  EXPECT_EQ(only_record(nested(16))[0].text, "[[[[[[[[[[[[[[]]]]]]]]]]]]]]");
  expect_error(nested(17), "nested deeper than 16 levels");
  expect_error(std::string(100'000, '['), "nested deeper than 16 levels");
  std::string objects;
  for (int i = 0; i < 17; ++i) objects += "{\"a\":";
  expect_error("[" + objects, "nested deeper than 16 levels");
}

TEST(JsonReader, KeysUpToTheLimit) {
  const auto record = [](std::size_t keys) {
    std::string body = "[{";
    for (std::size_t i = 0; i < keys; ++i) {
      body += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":1";
    }
    return body + "}]";
  };
  EXPECT_THAT(only_record(record(limits::kColumnsMax)), SizeIs(limits::kColumnsMax));
  expect_error(record(limits::kColumnsMax + 1), "an object has more than 200 keys");
  expect_error("[{\"a\":" + record(limits::kColumnsMax + 1), "an object has more than 200 keys");
}

TEST(JsonReader, LongKeysAreCut) {
  std::string key;
  while (key.size() < 300) key += "\xC3\xB6";
  const Cells cells = only_record("[{\"" + key + "\":1,\"x\":2}]");
  ASSERT_THAT(cells, SizeIs(2));
  EXPECT_EQ(cells[0].name, key.substr(0, 254));
  EXPECT_EQ(cells[1].name, "x");
  EXPECT_EQ(only_record("[{\"\\u00f6" + key + "\":1}]")[0].name, key.substr(0, 254));
}

TEST(JsonReader, ValuesUpToTheLimit) {
  const std::string most(limits::kCellBytesMax, 'x');
  EXPECT_EQ(only_cell("\"" + most + "\"").text, most);
  const LoggedCell over = only_cell("\"" + most + "x\"");
  EXPECT_EQ(over.kind, CellKind::kTooLong);
  EXPECT_EQ(over.text, most.substr(0, limits::kMessageTextBytesMax));
  EXPECT_EQ(only_cell("\"\\n" + most + "\"").kind, CellKind::kTooLong);
  EXPECT_EQ(only_cell("[\"" + most.substr(4) + "\"]").kind, CellKind::kNested);
  EXPECT_EQ(only_cell("[\"" + most.substr(3) + "\"]").kind, CellKind::kTooLong);
  EXPECT_EQ(only_cell(std::string(limits::kCellBytesMax + 1, '7')).kind, CellKind::kTooLong);
  const Cells after = only_record("[{\"a\":\"" + most + "x\",\"b\":\"y\"}]");
  EXPECT_EQ(after.at(1), (LoggedCell{"b", "y"}));
}

// The border between two chunks of the usual size may fall anywhere.
TEST(JsonReader, ChunkBorderAtEveryByte) {
  constexpr std::string_view kBody =
      R"([{"id":-12.5e+3,"a\u00e9\n":"x\ud83d\ude00\\y","b":true,"c":false,"d":null,"e":"plain")"
      R"(,"n":[ {"key":"v\"w","k2":[1.5,22,true]} , null ]},{"user":{"id":"2"}},17,"text",[3]])";
  const Reading whole = read_whole<JsonReader>(kBody);
  ASSERT_TRUE(whole.ok) << whole;
  ASSERT_THAT(whole.records, SizeIs(5));
  for (std::size_t at = 0; at <= kBody.size(); ++at) {
    const std::string blanks(limits::kBodyChunkBytes - at, ' ');
    EXPECT_EQ(read_whole<JsonReader>(blanks + std::string(kBody)), whole) << at;
  }
}

TEST(JsonReader, ErrorsAroundAChunkBorder) {
  for (const std::string_view body :
       {R"([{"id":1,"a":nulx}])"sv, R"([{"id":1,"a":"\u12g4"}])"sv,
        R"([{"id":1,"a":"\ud83dxxxx"}])"sv, R"([{"id":1,"a":1.e5}])"sv, R"([{"id":1,"a":1}}])"sv,
        R"([{"id":1,"id":1}])"sv}) {
    for (std::size_t at = 0; at <= body.size(); ++at) {
      const std::string padded = std::string(limits::kBodyChunkBytes - at, ' ') + std::string(body);
      const Reading reading = read_whole<JsonReader>(padded);
      EXPECT_EQ(reading.error.type, ErrorType::kInvalidData) << body << at;
      EXPECT_EQ(cuts_that_matter<JsonReader>(padded), 0U) << body << at;
    }
  }
}

TEST(JsonReader, ErrorOfTheSinkEndsTheReading) {
  const std::string body = "[{\"id\":1},{\"id\":2},{\"id\":3},x";
  RecordLog log;
  log.records_max = 2;
  JsonReader reader(log);
  const auto fed = reader.feed(body);
  ASSERT_FALSE(fed.has_value());
  EXPECT_EQ(fed.error().message, "More than 2.");
  EXPECT_EQ(reader.feed("x").error(), fed.error());
  EXPECT_EQ(reader.finish().error(), fed.error());
  EXPECT_THAT(log.reading.records, SizeIs(2));
  EXPECT_EQ(cuts_that_matter<JsonReader>(body, 2), 0U);
}

}  // namespace
}  // namespace muster::codec
