#include "codec/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "codec/record_log.h"

namespace muster::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Rows = std::vector<std::vector<std::string>>;

// Reads the body whole, and checks that no cut changes anything.
Reading read(std::string_view body) {
  EXPECT_EQ(cuts_that_matter<CsvReader>(body), 0U) << body.substr(0, 200);
  return read_whole<CsvReader>(body);
}

LoggedCell only_cell(std::string_view text) {
  const Reading reading = read("a,b\n1," + std::string(text) + "\n");
  EXPECT_TRUE(reading.ok) << reading;
  EXPECT_THAT(reading.records, SizeIs(1));
  EXPECT_THAT(reading.records.at(0).cells, SizeIs(2));
  return reading.records.at(0).cells.at(1);
}

void expect_error(std::string_view body, ErrorType type, std::string_view part) {
  const Reading reading = read(body);
  EXPECT_FALSE(reading.ok) << body;
  EXPECT_EQ(reading.error.type, type) << body;
  EXPECT_THAT(reading.error.message, HasSubstr(part)) << body;
}

struct CellCase {
  const char* situation;
  std::string_view source;
  std::string_view text;
  CellKind kind = CellKind::kText;
};

class CsvCell : public ::testing::TestWithParam<CellCase> {};

TEST_P(CsvCell, IsReadAs) {
  const LoggedCell cell = only_cell(GetParam().source);
  EXPECT_EQ(cell.text, GetParam().text);
  EXPECT_EQ(cell.kind, GetParam().kind);
  EXPECT_EQ(cell.name, "b");
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    Situations, CsvCell,
    ::testing::Values(
        CellCase{"Plain", "x", "x"}, CellCase{"Empty", "", ""}, CellCase{"QuotedEmpty", "\"\"", ""},
        CellCase{"BlanksKept", " x ", " x "}, CellCase{"Tab", "x\ty", "x\ty"},
        CellCase{"Nul", "x\0y"sv, "x\0y"sv}, CellCase{"QuotedComma", "\"x,y\"", "x,y"},
        CellCase{"TwoQuotes", "\"x\"\"y\"", "x\"y"}, CellCase{"OnlyQuotes", "\"\"\"\"\"\"", "\"\""},
        CellCase{"QuoteInside", "5\" pipe", "5\" pipe"},
        CellCase{"QuoteAfterBlank", " \"x\"", " \"x\""}, CellCase{"QuotedLf", "\"x\ny\"", "x\ny"},
        CellCase{"QuotedCrlf", "\"x\r\ny\"", "x\ny"},
        CellCase{"QuotedCrlfOnly", "\"\r\n\r\n\"", "\n\n"},
        CellCase{"QuotedCrCrlf", "\"x\r\r\ny\"", "x\r\ny", CellKind::kLoneCr},
        CellCase{"QuotedLoneCr", "\"x\ry\"", "x\ry", CellKind::kLoneCr},
        CellCase{"LoneCr", "x\ry", "x\ry", CellKind::kLoneCr},
        CellCase{"CrBeforeCrlf", "x\r\r", "x\r", CellKind::kLoneCr},
        CellCase{"TwoBackslashes", R"(x\\y)", R"(x\y)"},
        CellCase{"ThreeBackslashes", R"(\\\)", R"(\\)"},
        CellCase{"FourBackslashes", R"(\\\\)", R"(\\)"},
        CellCase{"BackslashKept", R"(CORP\nadia)", R"(CORP\nadia)"},
        CellCase{"BackslashAtEnd", R"(x\)", R"(x\)"},
        CellCase{"QuotedBackslashes", R"("x\\,\y")", R"(x\,\y)"},
        CellCase{"BackslashNeverEscapesAQuote", R"("x\""y")", R"(x\"y)"},
        CellCase{"BackslashesAroundAQuote", R"("\""\")", R"(\"\)"},
        CellCase{"Null", "null", "null", CellKind::kNull},
        CellCase{"QuotedNull", "\"null\"", "null"}, CellCase{"NullInCapitals", "NULL", "NULL"},
        CellCase{"NullWithBlank", "null ", "null "}, CellCase{"NullInPieces", "nul\"l", "nul\"l"},
        CellCase{"Umlauts", "S\xC3\xB6hne \xF0\x9F\x98\x80", "S\xC3\xB6hne \xF0\x9F\x98\x80"}),
    [](const auto& situation) { return situation.param.situation; });

TEST(CsvReader, RecordsKnowTheirPlace) {
  const Reading reading = read("a,b\r\n1,\"x\r\ny\"\r\n\n\r\n2,z\n3,w");
  ASSERT_TRUE(reading.ok) << reading;
  ASSERT_THAT(reading.headers, ElementsAre(ElementsAre("a", "b")));
  ASSERT_THAT(reading.records, SizeIs(3));
  EXPECT_EQ(reading.rows(), (Rows{{"1", "x\ny"}, {"2", "z"}, {"3", "w"}}));
  EXPECT_EQ(reading.records[0].line, 2U);
  EXPECT_EQ(reading.records[0].offset, 5U);
  EXPECT_EQ(reading.records[1].line, 6U);
  EXPECT_EQ(reading.records[1].offset, 18U);
  EXPECT_EQ(reading.records[2].line, 7U);
  EXPECT_EQ(reading.records[2].offset, 22U);
}

TEST(CsvReader, HeaderNamesAreTrimmedAndKeepTheirCase) {
  const Reading reading = read("\n\r\n ID ,\"b\"\"c\",\td\t,\n");
  ASSERT_TRUE(reading.ok) << reading;
  EXPECT_THAT(reading.headers, ElementsAre(ElementsAre("ID", "b\"c", "d", "")));
  EXPECT_THAT(reading.records, IsEmpty());
}

TEST(CsvReader, ShortRecordLeavesCellsOut) {
  const Reading reading = read("a,b,c\n1\n2,x\n3,,\n\"\"\n");
  ASSERT_TRUE(reading.ok);
  EXPECT_EQ(reading.rows(), (Rows{{"1"}, {"2", "x"}, {"3", "", ""}, {""}}));
}

TEST(CsvReader, LongRecordCountsWhatItDrops) {
  const Reading reading = read("a,b\n1,x,\"y\r\n\\\\\"\"z\",u\\\\\n2,x\n");
  ASSERT_TRUE(reading.ok);
  EXPECT_EQ(reading.rows(), (Rows{{"1", "x"}, {"2", "x"}}));
  EXPECT_EQ(reading.records[0].extra_cells, 2U);
  EXPECT_EQ(reading.records[1].extra_cells, 0U);
}

TEST(CsvReader, VendorSampleWithAShortRecordAndAnUnquotedComma) {
  const Reading reading = read(
      "id,user_title__v,mobile_phone__v,office_phone__v\n"
      "12021,Director,+1 555 0100\n12022,Director, Quality,+1 555 0101\n");
  ASSERT_TRUE(reading.ok);
  EXPECT_EQ(reading.rows(), (Rows{{"12021", "Director", "+1 555 0100"},
                                  {"12022", "Director", " Quality", "+1 555 0101"}}));
}

TEST(CsvReader, EmptyBodies) {
  expect_error("", ErrorType::kParameterRequired, "empty");
  expect_error("\xEF\xBB\xBF", ErrorType::kParameterRequired, "empty");
  expect_error("\r\n\n", ErrorType::kParameterRequired, "no header");
}

TEST(CsvReader, ByteOrderMarks) {
  const Reading reading = read("\xEF\xBB\xBF\"id\",b\n1,x\n");
  ASSERT_TRUE(reading.ok) << reading;
  EXPECT_THAT(reading.headers, ElementsAre(ElementsAre("id", "b")));
  EXPECT_EQ(reading.records.at(0).offset, 10U);
  expect_error("\xFF\xFEi\0d\0"sv, ErrorType::kInvalidData, "UTF-16");
  expect_error("\xFE\xFF\0i\0d"sv, ErrorType::kInvalidData, "UTF-16");
  expect_error("\xFFid\n", ErrorType::kInvalidData, "offset 0");
  expect_error("\xFF", ErrorType::kInvalidData, "offset 0");
  expect_error("\xEF\xBB", ErrorType::kInvalidData, "offset 0");
}

TEST(CsvReader, BrokenUtf8NamesTheByte) {
  expect_error("a\n\xE9\n", ErrorType::kInvalidData, "offset 2");
  expect_error(
      "\xEF\xBB\xBF"
      "a\n\xE2\x82",
      ErrorType::kInvalidData, "offset 5");
  expect_error("a\nx\xC0\xAFy", ErrorType::kInvalidData, "offset 3");
  // What stands before the broken byte comes first.
  expect_error("a\n\"x\"y\xFF", ErrorType::kInvalidData, "line 2");
  EXPECT_THAT(read("a\n1\n2\n\xFF").rows(), ElementsAre(ElementsAre("1"), ElementsAre("2")));
}

TEST(CsvReader, LostQuotesEndTheRequest) {
  expect_error("a,b\n1,\"x\"y\n", ErrorType::kInvalidData, "line 2: text after a closing quote");
  expect_error("a,b\n1,\"x\" \n", ErrorType::kInvalidData, "line 2: text after a closing quote");
  expect_error("a,b\n1,\"x\"\\\\\n", ErrorType::kInvalidData, "line 2: text after a closing quote");
  expect_error("a,b\n1,\"x\"\ry\n", ErrorType::kInvalidData, "line 2: text after a closing quote");
  expect_error("a,b\n1,\"x\"\r", ErrorType::kInvalidData, "line 2: text after a closing quote");
  expect_error("a,b\n\n1,\"x\n\ny", ErrorType::kInvalidData, "line 3: a quote is never closed");
  expect_error("a,\"b", ErrorType::kInvalidData, "line 1: a quote is never closed");
}

TEST(CsvReader, HeaderMustBeOneLine) {
  expect_error("id,b\r1,x\r", ErrorType::kInvalidData, "line 1: a CR without LF");
  expect_error(std::string(limits::kCellBytesMax + 1, 'x') + "\n", ErrorType::kInvalidData,
               "line 1: a column name is too long");
}

TEST(CsvReader, HeaderWidth) {
  std::string header = "c";
  for (std::size_t i = 1; i < limits::kColumnsMax; ++i) header += ",c";
  EXPECT_THAT(read(header).headers.at(0), SizeIs(limits::kColumnsMax));
  expect_error(header + ",c", ErrorType::kInvalidData, "more than 200 columns");
  expect_error(header + ",\"c\",d\n", ErrorType::kInvalidData, "more than 200 columns");
}

TEST(CsvReader, CellsUpToTheLimit) {
  const std::string most(limits::kCellBytesMax, 'x');
  const std::string backslashes(2 * limits::kCellBytesMax, '\\');
  for (const std::string& source : {most, "\"" + most + "\"", backslashes}) {
    const LoggedCell cell = only_cell(source);
    EXPECT_EQ(cell.kind, CellKind::kText);
    EXPECT_EQ(cell.text.size(), limits::kCellBytesMax);
  }
}

TEST(CsvReader, CellsOverTheLimitKeepTheirBeginning) {
  std::string text = "x";
  while (text.size() <= limits::kCellBytesMax) text += "\xC3\xB6";
  for (const std::string& source :
       {text, "\"" + text + "\"", std::string(2 * limits::kCellBytesMax + 2, '\\')}) {
    const LoggedCell cell = only_cell(source);
    EXPECT_EQ(cell.kind, CellKind::kTooLong);
    EXPECT_LE(cell.text.size(), limits::kMessageTextBytesMax);
    EXPECT_GE(cell.text.size(), limits::kMessageTextBytesMax - 3);
    EXPECT_NE(cell.text.back(), '\xC3');  // no code point cut in two
  }
}

// What is stepped over in blocks when the body comes in one piece is read byte by byte when it
// comes in small ones.
TEST(CsvReader, DroppedTextMatchesItsPieces) {
  static constexpr const char* kParts[] = {
      "x",  ",",    "\"", "\"\"", "\",\"",
      "\n", "\r\n", "\r", "\\",   "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"};
  const std::string long_text(limits::kCellBytesMax + 2, 'x');
  // Extra cells, a cell that is too long, and that in quotes.
  const std::vector<std::pair<std::string, int>> heads = {
      {"a\n1,", 3000}, {"a\n" + long_text + "\\\\", 100}, {"a\n\"" + long_text + "\"\"", 100}};
  std::minstd_rand random(7);
  for (const auto& [head, rounds] : heads) {
    for (int round = 0; round < rounds; ++round) {
      std::string body = head;
      const std::size_t kinds = 1 + random() % std::size(kParts);
      for (std::size_t left = random() % 200; left > 0; --left) body += kParts[random() % kinds];
      if (round % 2 == 0) body += std::string(70, '"') + "\"\nz\n";
      const std::vector<std::size_t> bytes = cuts_to_try(2000).front();
      const auto size = static_cast<std::ptrdiff_t>(std::min(body.size(), bytes.size()));
      const Reading whole = read_whole<CsvReader>(body);
      if (body.size() <= 2000) {
        EXPECT_EQ(read_cut<CsvReader>(body, {bytes.begin(), bytes.begin() + size - 1}), whole)
            << body;
      } else {
        EXPECT_EQ(cuts_that_matter<CsvReader>(body), 0U) << body.substr(head.size());
      }
    }
  }
}

TEST(CsvReader, CrlfAcrossTheLimit) {
  // The CR that CRLF loses is the one byte too many.
  const std::string text = "\"" + std::string(limits::kCellBytesMax - 1, 'x') + "\r\n\"";
  EXPECT_EQ(only_cell(text).kind, CellKind::kText);
  EXPECT_EQ(only_cell(text).text.back(), '\n');
}

TEST(CsvReader, ErrorOfTheSinkEndsTheReading) {
  const std::string body = "a\n1\n2\n3\n\"x\"y\n";
  RecordLog log;
  log.records_max = 2;
  CsvReader reader(log);
  const auto fed = reader.feed(body);
  ASSERT_FALSE(fed.has_value());
  EXPECT_EQ(fed.error().message, "More than 2.");
  EXPECT_EQ(reader.feed("4\n").error(), fed.error());
  EXPECT_EQ(reader.finish().error(), fed.error());
  EXPECT_THAT(log.reading.records, SizeIs(2));
  EXPECT_EQ(cuts_that_matter<CsvReader>(body, 2), 0U);
}

}  // namespace
}  // namespace muster::codec
