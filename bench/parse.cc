// Parse speed of the body readers on one core, beside simdjson and memcpy on the same bytes.
// A 500-record batch with 21 columns in 64 KiB chunks, memory-resident. Prints one JSON line of
// MB/s, each the median of several runs taken in turn.
//
//   bench_parse
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "codec/csv_reader.h"
#include "codec/json_reader.h"

namespace {

using muster::Result;
using muster::codec::Record;
using muster::codec::RecordReader;

constexpr std::size_t kRecords = 500;
constexpr std::size_t kColumns = 20;  // besides id
constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr int kRuns = 15;
constexpr int kParsesPerRun = 40;

class CountingSink : public muster::codec::RecordSink {
 public:
  Result<void> on_header(std::span<const std::string_view>) override { return {}; }
  Result<void> on_record(const Record& record) override {
    for (const auto& cell : record.cells) bytes += cell.text.size();
    ++records;
    return {};
  }
  std::size_t records = 0;
  std::size_t bytes = 0;
};

std::string value(std::size_t record, std::size_t column) {
  static constexpr std::string_view kTexts[] = {"Senior Specialist", "Basel Building 12", "en_US",
                                                "Europe/Berlin", "+41 61 555 12 34"};
  return std::string(kTexts[column % 5]) + std::to_string(record % 10);
}

std::string name(std::size_t column) { return "user_field_" + std::to_string(column) + "__v"; }

std::string make_csv(bool quoted) {
  std::string text = "id";
  for (std::size_t c = 0; c < kColumns; ++c) text += "," + name(c);
  text += '\n';
  for (std::size_t r = 0; r < kRecords; ++r) {
    text += std::to_string(25001 + r);
    for (std::size_t c = 0; c < kColumns; ++c) {
      const bool quote = quoted && c % 10 == 0;
      text += (quote ? ",\"Director, " : ",") + value(r, c) + (quote ? "\"" : "");
    }
    text += '\n';
  }
  return text;
}

std::string make_json() {
  std::string text = "[";
  for (std::size_t r = 0; r < kRecords; ++r) {
    text += (r == 0 ? "{\"id\":\"" : ",{\"id\":\"") + std::to_string(25001 + r) + '"';
    for (std::size_t c = 0; c < kColumns; ++c)
      text += ",\"" + name(c) + "\":\"" + value(r, c) + '"';
    text += '}';
  }
  return text + "]";
}

struct Work {
  const char* name;
  std::size_t bytes;
  std::function<void()> parse;
  std::vector<double> mb_per_s = {};  // of each run
};

double mb_per_s(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kParsesPerRun; ++i) work.parse();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(work.bytes) * kParsesPerRun / took.count() / 1e6;
}

template <typename Reader>
void read_all(std::string_view body) {
  CountingSink sink;
  Reader reader(sink);
  for (std::size_t at = 0; at < body.size(); at += kChunkBytes) {
    if (!reader.feed(body.substr(at, kChunkBytes))) throw std::runtime_error("refused");
  }
  if (!reader.finish() || sink.records != kRecords) throw std::runtime_error("records missing");
}

void read_simdjson(simdjson::ondemand::parser& parser, const simdjson::padded_string& body) {
  std::size_t bytes = 0;
  simdjson::ondemand::document document = parser.iterate(body);
  for (simdjson::ondemand::object record : document.get_array()) {
    for (auto field : record) {
      const std::string_view text = field.value().get_string();
      bytes += text.size();
    }
  }
  if (bytes == 0) throw std::runtime_error("nothing read");
}

}  // namespace

int main() try {
  const std::string csv = make_csv(false);
  const std::string quoted = make_csv(true);
  const std::string json = make_json();
  const simdjson::padded_string padded(json);
  simdjson::ondemand::parser parser;
  std::string copy(csv.size(), '\0');
  std::vector<Work> works = {
      {"csv", csv.size(), [&] { read_all<muster::codec::CsvReader>(csv); }},
      {"csv_quoted", quoted.size(), [&] { read_all<muster::codec::CsvReader>(quoted); }},
      {"json", json.size(), [&] { read_all<muster::codec::JsonReader>(json); }},
      {"simdjson", json.size(), [&] { read_simdjson(parser, padded); }},
      {"memcpy", csv.size(),
       [&] {
         std::memcpy(copy.data(), csv.data(), csv.size());
         asm volatile("" : : "r"(copy.data()) : "memory");
       }},
  };
  // In turn, so that a disturbance falls on all of them.
  for (int run = 0; run < kRuns; ++run) {
    for (Work& work : works) work.mb_per_s.push_back(mb_per_s(work));
  }
  char separator = '{';
  for (Work& work : works) {
    std::ranges::sort(work.mb_per_s);
    std::printf("%c\"%s\":%.0f", separator, work.name, work.mb_per_s[kRuns / 2]);
    separator = ',';
  }
  std::printf("}\n");
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_parse: %s\n", error.what());
  return 1;
}
