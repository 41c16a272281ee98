// What the writers write, the readers read; and a CSV body and a JSON body of the same records are
// the same to a sink.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "codec/corpus.h"
#include "codec/csv_reader.h"
#include "codec/csv_writer.h"
#include "codec/json_reader.h"
#include "codec/json_writer.h"
#include "codec/record_log.h"

namespace muster::codec {
namespace {

using Row = std::vector<std::string>;
using Rows = std::vector<Row>;

Row columns(std::size_t count) {
  Row names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("column " + std::to_string(i));
  return names;
}

std::string as_csv(const Rows& rows, std::size_t width) {
  CsvWriter csv;
  for (const std::string& name : columns(width)) csv.cell(name);
  csv.end_record();
  for (const Row& row : rows) {
    for (const std::string& text : row) csv.cell(text);
    csv.end_record();
  }
  return csv.take();
}

std::string as_json(const Rows& rows, std::size_t width) {
  const Row names = columns(width);
  JsonWriter w;
  w.begin_array();
  for (const Row& row : rows) {
    w.begin_object();
    for (std::size_t i = 0; i < width; ++i) w.member(names[i], row[i]);
    w.end_object();
  }
  w.end_array();
  return w.take();
}

// Without what only one of the formats has.
std::vector<LoggedRecord> without_places(Reading reading) {
  for (LoggedRecord& record : reading.records) record.line = record.offset = 0;
  return std::move(reading.records);
}

TEST(RoundTrip, NaughtyStrings) {
  const auto list = boost::json::parse(file_text(corpus("blns") / "blns.json"));
  Rows rows;
  for (const auto& text : list.as_array()) rows.push_back({std::string(text.as_string()), "end"});
  ASSERT_GT(rows.size(), 500U);

  const Reading csv = read_whole<CsvReader>(as_csv(rows, 2));
  ASSERT_TRUE(csv.ok) << csv.error.message;
  EXPECT_EQ(csv.rows(), rows);
  const Reading json = read_whole<JsonReader>(as_json(rows, 2));
  ASSERT_TRUE(json.ok) << json.error.message;
  EXPECT_EQ(json.rows(), rows);
  EXPECT_EQ(without_places(csv), without_places(json));
  EXPECT_EQ(cuts_that_matter<CsvReader>(as_csv(rows, 2)), 0U);
  EXPECT_EQ(cuts_that_matter<JsonReader>(as_json(rows, 2)), 0U);
}

TEST(RoundTrip, TextsThatMeanSomethingInOneFormat) {
  const Rows rows = {{"null", "\"null\""}, {"true", "[1]"},         {"", ""},      {"\\", "\\\\"},
                     {"a,b", "a\nb"},      {"\"", "\"\""},          {" a ", "\t"}, {"\\\"", "\\n"},
                     {"1e5", "-0"},        {"\xEF\xBB\xBF", "=1+1"}};
  const Reading csv = read_whole<CsvReader>(as_csv(rows, 2));
  EXPECT_EQ(csv.rows(), rows);
  EXPECT_EQ(without_places(csv), without_places(read_whole<JsonReader>(as_json(rows, 2))));
}

TEST(RoundTrip, NullAndBooleansOfBothFormats) {
  const Reading csv = read_whole<CsvReader>("a,b\nnull,true\n");
  const Reading json = read_whole<JsonReader>(R"([{"a":null,"b":true}])");
  ASSERT_EQ(csv.records.size(), 1U);
  ASSERT_EQ(json.records.size(), 1U);
  EXPECT_EQ(csv.records[0].cells[0], json.records[0].cells[0]);
  // CSV has no types: a boolean is its text.
  EXPECT_EQ(csv.records[0].cells[1].text, json.records[0].cells[1].text);
}

std::string random_text() {
  return *rc::gen::map(
      rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
          "a", "b", " ", ",", "\"", "\\", "\n", "\t", "null", "\xC3\xB6", "\xF0\x9F\x98\x80", "'",
          std::string(1, '\0'), "0", "{", "[", ":"})),
      [](const std::vector<std::string>& parts) {
        std::string text;
        for (const std::string& part : parts) text += part;
        return text;
      });
}

RC_GTEST_PROP(RoundTrip, CsvEqualsJson, ()) {
  const auto width = *rc::gen::inRange<std::size_t>(1, 5);
  const auto height = *rc::gen::inRange<std::size_t>(0, 5);
  Rows rows(height, Row(width));
  for (Row& row : rows) {
    for (std::string& text : row) text = random_text();
  }
  const std::string csv = as_csv(rows, width);
  const std::string json = as_json(rows, width);
  const Reading from_csv = read_whole<CsvReader>(csv);
  RC_ASSERT(from_csv.ok);
  RC_ASSERT(from_csv.rows() == rows);
  RC_ASSERT(without_places(from_csv) == without_places(read_whole<JsonReader>(json)));
  RC_ASSERT(cuts_that_matter<CsvReader>(csv) == 0U);
  RC_ASSERT(cuts_that_matter<JsonReader>(json) == 0U);
}

}  // namespace
}  // namespace muster::codec
