#include "loader/record_reader.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>

#include "codec/csv_reader.h"
#include "codec/record_log.h"
#include "loader/testing.h"

namespace muster::loader {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Reading {
  std::vector<std::string> rows;
  std::vector<std::vector<std::string>> cells;
  std::vector<std::uint64_t> lines;
  std::vector<std::string> problems;
  friend bool operator==(const Reading&, const Reading&) = default;
};

Reading read(std::string_view text, std::size_t step = 1 << 20) {
  Reading reading;
  ProblemList problems;
  RecordReader reader(source_of(text, step), &problems);
  while (const auto record = reader.next()) {
    reading.rows.emplace_back(record->bytes);
    reading.lines.push_back(record->line);
    auto& cells = reading.cells.emplace_back();
    for (std::size_t i = 0; i < record->cells.size(); ++i) cells.emplace_back(record->cell(i));
  }
  reading.problems = texts_of(problems);
  return reading;
}

TEST(RecordReader, RowsAreTheBytesOfTheFile) {
  const Reading reading = read("id,a\n1,\"x, \"\"y\"\"\"\r\n2,\\\\ 5\"\n3,");
  EXPECT_THAT(reading.rows, ElementsAre("id,a", "1,\"x, \"\"y\"\"\"", "2,\\\\ 5\"", "3,"));
  EXPECT_THAT(reading.cells[1], ElementsAre("1", "\"x, \"\"y\"\"\""));
  EXPECT_THAT(reading.cells[3], ElementsAre("3", ""));
  EXPECT_THAT(reading.problems, IsEmpty());
}

TEST(RecordReader, WhatExcelWritesIsFine) {
  const Reading reading = read("\xEF\xBB\xBFid,a\r\n1,\"two\r\nlines\"\r\n\r\n2,b\r\n\r\n");
  EXPECT_THAT(reading.rows, ElementsAre("id,a", "1,\"two\r\nlines\"", "2,b"));
  EXPECT_THAT(reading.lines, ElementsAre(1, 2, 5));
  EXPECT_THAT(reading.problems, IsEmpty());
}

TEST(RecordReader, AllProblemsAreNamedWithLineAndColumn) {
  const Reading reading = read("id,a\n1,\"x\"y\n2,fine\n3,\"Zo\xC3\xAB\"!,\"z\" \n4,\"open\n5,b\n");
  EXPECT_THAT(reading.problems,
              ElementsAre("2:6: text after a closing quote", "4:8: text after a closing quote",
                          "4:13: text after a closing quote", "5:3: a quote is never closed"));
  EXPECT_EQ(reading.rows.back(), "5,b");
}

TEST(RecordReader, ACrBelongsToTheLineEndOnly) {
  EXPECT_THAT(read("a\n\"x\"\r,1\n").problems, ElementsAre("2:4: text after a closing quote"));
  EXPECT_THAT(read("a\n\"x\"\r").problems, ElementsAre("2:4: text after a closing quote"));
  EXPECT_THAT(read("a\n1\n\r").rows, ElementsAre("a", "1"));
}

TEST(RecordReader, AQuoteThatSwallowsTheFileIsGivenUp) {
  std::string text = "id,a\n1,\"never closed\n";
  for (int i = 0; i < 200'000; ++i) text += "25001,some title\n";
  const Reading reading = read(text, 70'000);
  EXPECT_THAT(reading.problems, ElementsAre("2:3: a quote is never closed"));
  EXPECT_EQ(reading.rows.size(), 200'001U);
  EXPECT_EQ(reading.lines.back(), 200'002U);
}

TEST(RecordReader, AFileWithoutLineEndsIsNotKept) {
  EXPECT_THAT(read(std::string(5 << 20, 'x'), 70'000).problems,
              ElementsAre("1:1: a record is longer than 1 MiB"));
}

TEST(RecordReader, TheSplitIntoBlocksDoesNotMatter) {
  const std::string_view text =
      "\xEF\xBB\xBFid,a\r\n\r\n1,\"two\r\nlines "
      "\"\"\"\r\n2,\"x\"y\r\n3,\"z\"\r\r\n\n4,\"open\r\n5,b";
  const Reading whole = read(text);
  for (std::size_t step = 1; step < text.size(); ++step) EXPECT_EQ(read(text, step), whole) << step;
}

TEST(RecordReader, AgreesWithTheServersReader) {
  for (const std::string_view text :
       {"id,a\n1,x\n2,\"a,\nb\"\n\n3,5\"\n4,\"\"\n5,\n6\n7,1,2,3\n", "id\r\n1\r\n\r\n2\r\n",
        "id,a\n1,a\rb\n\r\r\n2,\"c\"\n", "id,a\n1, \"x\" \n2,\t\n"}) {
    const auto server = codec::read_whole<codec::CsvReader>(text);
    ASSERT_TRUE(server.ok) << text;
    const Reading loader = read(text);
    ASSERT_EQ(loader.rows.size(), server.records.size() + 1) << text;
    for (std::size_t i = 0; i < server.records.size(); ++i) {
      EXPECT_EQ(loader.lines[i + 1], server.records[i].line) << text;
      EXPECT_EQ(loader.cells[i + 1].size(),
                server.records[i].cells.size() + server.records[i].extra_cells)
          << text;
    }
  }
}

TEST(RecordReader, AReadErrorEndsTheReading) {
  RecordReader reader([](std::span<char>) { return fail(ErrorType::kUnexpectedError, "broken"); },
                      nullptr);
  EXPECT_FALSE(reader.next());
  ASSERT_TRUE(reader.read_error());
  EXPECT_EQ(reader.read_error()->message, "broken");
}

}  // namespace
}  // namespace muster::loader
