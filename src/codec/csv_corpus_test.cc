// CsvReader against files others made, and against libcsv.
#include <csv.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <boost/archive/iterators/binary_from_base64.hpp>
#include <boost/archive/iterators/transform_width.hpp>
#include <boost/json.hpp>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "codec/corpus.h"
#include "codec/csv_reader.h"
#include "codec/record_log.h"
#include "codec/utf8_gate.h"

namespace muster::codec {
namespace {

namespace json = boost::json;
using Row = std::vector<std::string>;
using Rows = std::vector<Row>;

std::string from_base64(std::string_view text) {
  namespace iterators = boost::archive::iterators;
  using Bytes = iterators::transform_width<iterators::binary_from_base64<const char*>, 8, 6>;
  while (text.ends_with('=')) text.remove_suffix(1);
  const std::size_t size = text.size() * 6 / 8;
  std::string bytes;
  for (Bytes at(text.begin()); bytes.size() < size; ++at) bytes += *at;
  return bytes;
}

// Header and records as one table.
Rows table(const Reading& reading) {
  Rows rows = reading.headers;
  for (Row& row : reading.rows()) rows.push_back(std::move(row));
  return rows;
}

// Where the corpus and the protocol part. The corpus refuses a file for its column names or for
// the number of cells; the reader hands both on, because a caller knows the columns and fails the
// one record. The rest is named.
struct Deviation {
  const char* why;
  Rows rows;  // what the reader gives
};

const std::map<std::string, Deviation>& deviations() {
  static const char* const kColumns = "the caller checks the column names";
  static const char* const kLong = "a record that is too long fails alone; its cells are counted";
  static const char* const kQuote = "a quote in an unquoted cell is a plain character";
  static const char* const kBlank = "empty lines are skipped everywhere";
  static const char* const kNul = "a NUL is no matter of the syntax";
  static const Row kHeader = {"id", "user_title__v"};
  static const std::map<std::string, Deviation> kDeviations = {
      {"double-bom", {kColumns, {{"\xEF\xBB\xBFid", "user_title__v"}, {"1", "a"}}}},
      {"xlsx-magic", {kColumns, {{std::string("PK\x03\x04\x14\x00\x06\x00", 8)}}}},
      {"semicolons", {kColumns, {{"id;user_title__v"}, {"1;a"}}}},
      {"tabs", {kColumns, {{"id\tuser_title__v"}, {"1\ta"}}}},
      {"duplicate-column", {kColumns, {{"id", "id"}, {"1", "2"}}}},
      {"empty-column-name", {kColumns, {{"id", ""}, {"1", "a"}}}},
      {"column-case", {kColumns, {{"ID", "user_title__v"}, {"1", "a"}}}},
      {"blank-in-column-name", {"column names are trimmed", {kHeader, {"1", "a"}}}},
      {"blank-line-inside", {kBlank, {kHeader, {"1", "a"}, {"2", "b"}}}},
      {"one-column-blank-line", {kBlank, {{"id"}, {"1"}, {"2"}}}},
      {"space-before-quote", {kQuote, {kHeader, {"1", " \"a\""}}}},
      {"quote-in-middle", {kQuote, {kHeader, {"1", "a\"b"}}}},
      {"single-quotes", {kLong, {kHeader, {"1", "'a"}}}},
      {"too-many-cells", {kLong, {kHeader, {"1", "a"}}}},
      {"trailing-comma", {kLong, {kHeader, {"1", "a"}}}},
      {"too-few-cells", {"missing trailing cells are absent columns", {kHeader, {"1"}}}},
      {"nul-in-field", {kNul, {kHeader, {"1", std::string("a\0b", 3)}}}},
      {"nul-in-header", {kNul, {{std::string("id\0", 3), "user_title__v"}, {"1", "a"}}}},
      {"quoted-crlf", {"CRLF in a value becomes LF", {kHeader, {"1", "a\nb"}, {"2", "c"}}}},
      {"quoted-only-newlines", {"CRLF in a value becomes LF", {kHeader, {"1", "\n\n"}}}},
      {"long-field-70000",
       {"a cell over 64 KiB keeps its beginning", {kHeader, {"1", std::string(200, 'x')}}}},
  };
  return kDeviations;
}

Rows rows_of(const json::value& value) {
  Rows rows;
  for (const json::value& row : value.as_array()) {
    Row& texts = rows.emplace_back();
    for (const json::value& text : row.as_array()) texts.emplace_back(text.as_string());
  }
  return rows;
}

TEST(CsvCorpus, OwnCases) {
  const json::value cases = json::parse(file_text(corpus("csv-own") / "cases.json"));
  std::size_t deviating = 0;
  for (const json::value& entry : cases.as_array()) {
    const json::object& c = entry.as_object();
    const std::string name(c.at("name").as_string());
    const std::string body = from_base64(c.at("body_b64").as_string());
    const Reading reading = read_whole<CsvReader>(body);
    const auto deviation = deviations().find(name);
    if (deviation != deviations().end()) {
      ++deviating;
      EXPECT_TRUE(reading.ok) << name << ": " << deviation->second.why << "\n" << reading;
      EXPECT_EQ(table(reading), deviation->second.rows) << name << ": " << deviation->second.why;
    } else if (c.at("expect").as_string() == "rows") {
      EXPECT_TRUE(reading.ok) << name << "\n" << reading;
      EXPECT_EQ(table(reading), rows_of(c.at("rows"))) << name;
    } else {
      EXPECT_FALSE(reading.ok) << name << "\n" << reading;
      const std::string line = "line " + std::to_string(c.at("line").as_int64()) + ":";
      const bool names_line = reading.error.message.find("line ") != std::string::npos;
      if (names_line && reading.error.type == ErrorType::kInvalidData) {
        EXPECT_NE(reading.error.message.find(line), std::string::npos) << name << reading;
      }
    }
  }
  EXPECT_EQ(cases.as_array().size(), 75U);
  EXPECT_EQ(deviating, deviations().size());
}

TEST(CsvCorpus, OwnCasesInPieces) {
  const json::value cases = json::parse(file_text(corpus("csv-own") / "cases.json"));
  for (const json::value& entry : cases.as_array()) {
    const json::object& c = entry.as_object();
    const std::string body = from_base64(c.at("body_b64").as_string());
    EXPECT_EQ(cuts_that_matter<CsvReader>(body), 0U) << c.at("name");
  }
}

TEST(CsvCorpus, RecordsWithTooManyCellsAreCounted) {
  EXPECT_EQ(read_whole<CsvReader>("id,b\r\n1,'a,b'\r\n").records.at(0).extra_cells, 1U);
}

TEST(CsvCorpus, Spectrum) {
  for (const auto& path : files_in(corpus("csv-spectrum") / "csvs", ".csv")) {
    const std::string body = file_text(path);
    const std::string name = path.stem();
    const Reading reading = read_whole<CsvReader>(body);
    EXPECT_EQ(cuts_that_matter<CsvReader>(body), 0U) << name;
    ASSERT_TRUE(reading.ok) << name << "\n" << reading;
    json::value expected =
        json::parse(file_text(corpus("csv-spectrum") / "json" / (name + ".json")));
    if (name == "location_coordinates") {  // the corpus gives one object with a made-up number
      expected.as_object()["Contact Phone Number"] = "2095257564";
      expected = json::array{json::object(expected.as_object())};
    }
    ASSERT_EQ(reading.records.size(), expected.as_array().size()) << name;
    for (std::size_t i = 0; i < reading.records.size(); ++i) {
      json::object record;
      for (const LoggedCell& cell : reading.records[i].cells) record[cell.name] = cell.text;
      json::object wanted = expected.as_array()[i].as_object();
      for (auto& member : wanted) {
        std::string text(member.value().as_string());
        std::erase(text, '\r');  // CRLF in a value becomes LF
        member.value() = text;
      }
      EXPECT_EQ(record, wanted) << name << " record " << i;
    }
  }
}

TEST(CsvCorpus, Utf8StressTestsAsCells) {
  for (const char* name : {"UTF-8-test.txt", "utf8tests.bin"}) {
    std::istringstream lines(file_text(corpus("utf8") / name));
    std::size_t refused = 0;
    for (std::string line; std::getline(lines, line);) {
      std::erase(line, '"');
      const std::string body = "a,b\n1," + line + "\n";
      const Reading reading = read_whole<CsvReader>(body);
      EXPECT_EQ(reading.ok, is_valid_utf8(line)) << name << line;
      EXPECT_EQ(cuts_that_matter<CsvReader>(body), 0U) << name << line;
      refused += reading.ok ? 0U : 1U;
    }
    EXPECT_GT(refused, 50U) << name;
  }
}

Rows read_with_libcsv(const std::string& body) {
  struct State {
    Rows rows;
    Row row;
  } state;
  csv_parser parser{};
  csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
  const auto on_cell = [](void* text, std::size_t size, void* data) {
    static_cast<State*>(data)->row.emplace_back(static_cast<const char*>(text), size);
  };
  const auto on_record = [](int, void* data) {
    auto* const s = static_cast<State*>(data);
    s->rows.push_back(std::move(s->row));
    s->row.clear();
  };
  EXPECT_EQ(csv_parse(&parser, body.data(), body.size(), on_cell, on_record, &state), body.size());
  csv_fini(&parser, on_cell, on_record, &state);
  csv_free(&parser);
  return std::move(state.rows);
}

// One cell as RFC 4180 writes it. No backslash and no CR (there the dialect differs), no blank at
// the ends of an unquoted cell (libcsv trims it).
std::string random_cell() {
  const auto plain =
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab0 ;'=@|\x7F") + "xyz"));
  if (*rc::gen::arbitrary<bool>()) {
    std::string text = *plain;
    std::erase(text, ' ');
    return text;
  }
  std::string cell = "\"";
  for (const char c :
       *rc::gen::container<std::string>(rc::gen::elementOf(std::string("a,\"\nb \t;")))) {
    cell += c;
    if (c == '"') cell += c;
  }
  return cell + "\"";
}

RC_GTEST_PROP(CsvOracle, ReadsCleanFilesAsLibcsvDoes, ()) {
  const auto columns = *rc::gen::inRange<std::size_t>(1, 6);
  std::string body;
  for (std::size_t i = 0; i < columns; ++i) body += (i > 0 ? ",c" : "c") + std::to_string(i);
  const auto records = *rc::gen::inRange<std::size_t>(0, 8);
  for (std::size_t record = 0; record < records; ++record) {
    body += *rc::gen::element<std::string>("\n", "\r\n");
    for (std::size_t i = 0; i < columns; ++i) body += (i > 0 ? "," : "") + random_cell();
  }
  const Reading reading = read_whole<CsvReader>(body);
  RC_ASSERT(reading.ok);
  RC_ASSERT(table(reading) == read_with_libcsv(body));
  RC_ASSERT(cuts_that_matter<CsvReader>(body) == 0U);
}

}  // namespace
}  // namespace muster::codec
