#include "codec/csv_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace muster::codec {
namespace {

using namespace std::string_view_literals;

std::string one_cell(std::string_view text) {
  CsvWriter csv;
  csv.cell("1");
  csv.cell(text);
  csv.end_record();
  std::string line = csv.take();
  EXPECT_TRUE(line.starts_with("1,") && line.ends_with("\n")) << line;
  return line.substr(2, line.size() - 3);
}

TEST(CsvWriter, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(one_cell("plain text"), "plain text");
  EXPECT_EQ(one_cell(""), "");
  EXPECT_EQ(one_cell("a,b"), R"("a,b")");
  EXPECT_EQ(one_cell(R"(5" pipe)"), R"("5"" pipe")");
  EXPECT_EQ(one_cell("a\nb"), "\"a\nb\"");
  EXPECT_EQ(one_cell("a\rb"), "\"a\rb\"");
  EXPECT_EQ(one_cell(" a"), R"(" a")");
  EXPECT_EQ(one_cell("a\t"), "\"a\t\"");
  EXPECT_EQ(one_cell("null"), R"("null")");
  EXPECT_EQ(one_cell("nullable"), "nullable");
}

TEST(CsvWriter, BackslashesAreDoubled) {
  EXPECT_EQ(one_cell(R"(CORP\nadia)"), R"(CORP\\nadia)");
  EXPECT_EQ(one_cell(R"(a\",b)"), R"("a\\"",b")");
}

TEST(CsvWriter, FlatCellsStayOnOneLine) {
  CsvWriter csv;
  csv.flat_cell("a\r\nb\nc\rd");
  csv.flat_cell("x,\n");
  csv.flat_cell("plain");
  csv.end_record();
  EXPECT_EQ(csv.take(), "a b c d,\"x, \",plain\n");
}

TEST(CsvWriter, RecordsOfAnAnswer) {
  CsvWriter csv;
  for (const std::string_view name : {"responseStatus", "id", "errors"}) csv.cell(name);
  csv.end_record();
  csv.cell("FAILURE");
  csv.cell("25999");
  csv.flat_cell("\"INVALID_DATA|User [25999] does not exist.\"");
  csv.end_record();
  EXPECT_EQ(csv.take(),
            "responseStatus,id,errors\n"
            "FAILURE,25999,\"\"\"INVALID_DATA|User [25999] does not exist.\"\"\"\n");
}

TEST(CsvWriter, OneEmptyCellIsNoEmptyLine) {
  CsvWriter csv;
  csv.cell("id");
  csv.end_record();
  csv.cell("");
  csv.end_record();
  EXPECT_EQ(csv.take(), "id\n\"\"\n");
}

TEST(CsvWriter, TakesInPieces) {
  CsvWriter csv;
  csv.cell("a");
  csv.end_record();
  EXPECT_EQ(csv.size(), 2U);
  EXPECT_EQ(csv.take(), "a\n");
  EXPECT_EQ(csv.size(), 0U);
  csv.cell("");
  csv.end_record();
  EXPECT_EQ(csv.take(), "\"\"\n");
}

TEST(CsvWriterDeathTest, OpenRecordIsNotTaken) {
  CsvWriter csv;
  csv.cell("a");
  EXPECT_DEATH((void)csv.take(), "cells_ == 0");
}

}  // namespace
}  // namespace muster::codec
