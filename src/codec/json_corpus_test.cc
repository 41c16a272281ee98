// JsonReader against JSONTestSuite: y_ must be read, n_ must be refused, i_ is free.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "codec/corpus.h"
#include "codec/json_reader.h"
#include "codec/record_log.h"

namespace muster::codec {
namespace {

// The text as the value of a member, so that its syntax decides and not the shape of the body.
std::string as_member(const std::string& text) { return "[{\"k\":" + text + "}]"; }

// Valid JSON that the protocol refuses all the same.
const std::set<std::string>& refused_by_protocol() {
  static const std::set<std::string> kNames = {
      "y_object_duplicated_key.json",            // a key twice in one object
      "y_object_duplicated_key_and_value.json",  // the same
  };
  return kNames;
}

// `cell` holds the same value as `source`. Numbers are compared as the parser reads them.
void expect_same_value(const LoggedCell& cell, const std::string& source, const std::string& name) {
  const boost::json::value value = boost::json::parse(source);
  if (cell.kind == CellKind::kNested) {
    EXPECT_EQ(boost::json::parse(cell.text), value) << name;
  } else if (value.is_string()) {
    EXPECT_EQ(cell.text, std::string_view(value.as_string())) << name;
    EXPECT_EQ(cell.kind, CellKind::kText) << name;
  } else if (value.is_null()) {
    EXPECT_EQ(cell.kind, CellKind::kNull) << name;
  } else if (value.is_bool()) {
    EXPECT_EQ(cell.kind, CellKind::kBoolean) << name;
    EXPECT_EQ(cell.text == "true", value.as_bool()) << name;
  } else {
    EXPECT_EQ(boost::json::parse(cell.text), value) << name;
    EXPECT_EQ(cell.kind, CellKind::kText) << name;
  }
}

TEST(JsonCorpus, ValidTextsAreRead) {
  int read = 0;
  for (const auto& path : files_in(corpus("jsontestsuite") / "test_parsing", ".json")) {
    const std::string name = path.filename();
    if (!name.starts_with("y_")) continue;
    const std::string text = file_text(path);
    const Reading reading = read_whole<JsonReader>(as_member(text));
    if (refused_by_protocol().contains(name)) {
      EXPECT_NE(reading.error.message.find("duplicate key"), std::string::npos) << name;
      continue;
    }
    ASSERT_TRUE(reading.ok) << name << "\n" << reading;
    ASSERT_EQ(reading.records.size(), 1U) << name;
    ASSERT_EQ(reading.records[0].cells.size(), 1U) << name;
    expect_same_value(reading.records[0].cells[0], text, name);
    ++read;
  }
  EXPECT_EQ(read, 93);
}

// As the whole body: arrays and objects of whatever shape, and scalars.
TEST(JsonCorpus, ValidBodiesAreRefusedForTheirShapeOnly) {
  for (const auto& path : files_in(corpus("jsontestsuite") / "test_parsing", ".json")) {
    const std::string name = path.filename();
    if (!name.starts_with("y_")) continue;
    const Reading reading = read_whole<JsonReader>(file_text(path));
    const std::string& message = reading.error.message;
    const bool shape = message.find("neither an array nor an object") != message.npos ||
                       message.find("no record") != message.npos ||
                       message.find("duplicate key") != message.npos;
    EXPECT_TRUE(reading.ok || shape) << name << "\n" << reading;
  }
}

TEST(JsonCorpus, InvalidTextsAreRefused) {
  int refused = 0;
  for (const auto& path : files_in(corpus("jsontestsuite") / "test_parsing", ".json")) {
    const std::string name = path.filename();
    if (!name.starts_with("n_")) continue;
    const std::string text = file_text(path);
    EXPECT_FALSE(read_whole<JsonReader>(text).ok) << name;
    EXPECT_FALSE(read_whole<JsonReader>(as_member(text)).ok) << name;
    ++refused;
  }
  EXPECT_EQ(refused, 188);
}

TEST(JsonCorpus, InPieces) {
  for (const char* folder : {"test_parsing", "test_transform"}) {
    for (const auto& path : files_in(corpus("jsontestsuite") / folder, ".json")) {
      const std::string text = file_text(path);
      EXPECT_EQ(cuts_that_matter<JsonReader>(text), 0U) << path;
    }
  }
}

// The same verdict as Boost's parser, and the same value, whatever the text and the cut.
void expect_as_boost(const std::string& text) {
  boost::json::error_code broken;
  boost::json::parse(text, broken);
  const Reading reading = read_whole<JsonReader>(as_member(text));
  if (reading.error.message.find("duplicate key") != std::string::npos) return;
  EXPECT_EQ(reading.ok, !broken) << text << "\n" << reading;
  EXPECT_EQ(cuts_that_matter<JsonReader>(as_member(text)), 0U) << text;
  if (reading.ok && !broken) expect_same_value(reading.records[0].cells[0], text, text);
}

TEST(JsonCorpus, TokensInAnyOrderAreJudgedAsBoostDoes) {
  static constexpr const char* kTokens[] = {"{",
                                            "}",
                                            "[",
                                            "]",
                                            ",",
                                            ":",
                                            "{\"k\":",
                                            "\"a\"",
                                            "\"\\n\\u00e9\"",
                                            "\"\\ud83d\\ude00\"",
                                            "\"\\ud83d\"",
                                            "\"\\x\"",
                                            "\"",
                                            "\\",
                                            "0",
                                            "-1",
                                            "12",
                                            ".5",
                                            "e+3",
                                            "E",
                                            "true",
                                            "tru",
                                            "false",
                                            "null",
                                            " ",
                                            "\n",
                                            "\t",
                                            "\x01"};
  std::minstd_rand random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t left = 1 + random() % 7; left > 0; --left) {
      text += kTokens[random() % std::size(kTokens)];
    }
    expect_as_boost(text);
  }
}

TEST(JsonCorpus, TextsWithAWrongByteAreJudgedAsBoostDoes) {
  constexpr std::string_view kValid =
      R"({"id":[-12.5e+3,0,1E2],"a\u00e9":"x\ud83d\ude00\\y\/","b":[true,false,null,{},[]], "c" : "" })";
  constexpr std::string_view kBytes = "{}[],:\"\\/0123456789+-.eEabcdfnrstux \n\x1F";
  std::minstd_rand random(7);
  for (int round = 0; round < 5'000; ++round) {
    std::string text(kValid);
    const std::size_t at = random() % text.size();
    const char byte = kBytes[random() % kBytes.size()];
    switch (random() % 3) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.insert(at, 1, byte);
        break;
      default:
        text.erase(at, 1 + random() % 3);
    }
    expect_as_boost(text);
  }
}

// Bodies come in chunks of 64 KiB: let the border between two fall into each text.
TEST(JsonCorpus, AcrossAChunkBorder) {
  for (const auto& path : files_in(corpus("jsontestsuite") / "test_parsing", ".json")) {
    const std::string body = as_member(file_text(path));
    if (body.size() > 100) continue;
    const Reading whole = read_whole<JsonReader>(body);
    for (std::size_t at = 5; at < body.size(); ++at) {
      const std::string blanks(limits::kBodyChunkBytes - at, ' ');
      const Reading moved = read_whole<JsonReader>(blanks + body);
      EXPECT_EQ(moved.ok, whole.ok) << path << at;
      EXPECT_EQ(moved.records, whole.records) << path << at;
    }
  }
}

}  // namespace
}  // namespace muster::codec
