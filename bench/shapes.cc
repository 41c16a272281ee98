// How fast bodies drain that nobody would send in good faith: one endless cell, quotes, escapes,
// empty lines, nested values. Each shape is 64 MiB in chunks of 64 KiB; prints MB/s, one shape a
// line of processor time, the best of three runs. No shape may be slow: the body may be 1 GB.
//
//   bench_shapes [NAME]     only shapes whose name contains NAME
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "codec/csv_reader.h"
#include "codec/json_reader.h"

namespace {

using muster::Result;
using muster::codec::CsvReader;
using muster::codec::JsonReader;
using muster::codec::Record;

constexpr std::size_t kBodyBytes = std::size_t{64} * 1024 * 1024;
constexpr std::size_t kChunkBytes = std::size_t{64} * 1024;
constexpr int kRuns = 3;

struct Shape {
  const char* name;
  std::string head;
  std::string unit;  // again and again
};

std::string repeat(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

// Objects of 200 keys, the keys of two neighbours in different order.
std::string objects_in_other_orders() {
  std::string text;
  for (int object = 0; object < 2; ++object) {
    text += '{';
    for (int key = 0; key < 200; ++key) {
      text += (key > 0 ? ",\"k" : "\"k") + std::to_string(object == 0 ? key : 199 - key) + "\":1";
    }
    text += "},";
  }
  return text;
}

std::vector<Shape> csv_shapes() {
  const std::string in_cell = "a,b\n1,";
  const std::string in_quotes = "a,b\n1,\"";
  const std::string extra = "a,b\n1,x,";
  // Cells just short enough to be kept, in a header of 200 columns.
  const std::string wide = "c" + repeat(",c", 199) + "\n";
  const auto cells = [&wide](std::string_view text, std::size_t bytes) {
    return std::pair(wide, repeat("\"" + repeat(text, bytes / text.size()) + "\",", 199) + "x\n");
  };
  std::vector<Shape> shapes = {
      {"csv one cell", in_cell, "x"},
      {"csv one cell, utf8", in_cell, "\xC3\xA9"},
      {"csv one cell, backslashes", in_cell, "\\"},
      {"csv one cell, x and backslashes", in_cell, "x\\\\"},
      {"csv one cell, CRs", in_cell, "\r"},
      {"csv one cell, quotes", in_cell + "x", "\""},
      {"csv open quote", in_quotes, "x"},
      {"csv open quote, quotes", in_quotes, "\"\""},
      {"csv open quote, x and quotes", in_quotes, "x\"\""},
      {"csv open quote, commas", in_quotes, ","},
      {"csv open quote, backslashes", in_quotes, "\\"},
      {"csv open quote, CRs", in_quotes, "\r"},
      {"csv open quote, LFs", in_quotes, "\n"},
      {"csv open quote, CRLFs", in_quotes, "\r\n"},
      {"csv open quote, mixed", in_quotes, "\"\"\\\\\r\n,"},
      {"csv extra cells, empty", extra, ","},
      {"csv extra cells, x", extra, "x,"},
      {"csv extra cells, quoted", extra, "\"\","},
      {"csv extra cells, quoted x", extra, "\"x\","},
      {"csv extra cells, mixed", extra, "\"x\"\"\",\\\\,y,"},
      {"csv empty lines, LF", "a,b\n", "\n"},
      {"csv empty lines, CRLF", "a,b\n", "\r\n"},
      {"csv header, open quote", "a,\"", "\"\""},
      {"csv records, x", "a\n", "x\n"},
      {"csv records, empty cells", wide, repeat(",", 199) + "\n"},
  };
  for (const auto& [name, text, bytes] : {std::tuple{"csv kept cells, x", "x", 60'000},
                                          {"csv kept cells, quotes", "\"\"", 120'000},
                                          {"csv kept cells, backslashes", "\\\\", 120'000},
                                          {"csv kept cells, x and quotes", "x\"\"", 90'000},
                                          {"csv kept cells, CRs", "\r", 60'000},
                                          {"csv kept cells, CRLFs", "\r\n", 120'000}}) {
    auto [head, unit] = cells(text, static_cast<std::size_t>(bytes));
    shapes.push_back({name, head, unit});
  }
  return shapes;
}

std::vector<Shape> json_shapes() {
  const std::string member = "[{\"id\":1,\"a\":";
  const std::string skipped = "{\"users\":[{\"id\":1}],\"a\":";
  std::vector<Shape> shapes = {
      {"json one text", member + "\"", "x"},
      {"json one text, utf8", member + "\"", "\xC3\xA9"},
      {"json one text, backslashes", member + "\"", "\\\\"},
      {"json one text, escapes", member + "\"", "\\n"},
      {"json one text, x and escapes", member + "\"", "x\\n"},
      {"json one text, unicode escapes", member + "\"", "\\u00e9"},
      {"json one text, surrogate pairs", member + "\"", "\\ud83d\\ude00"},
      {"json one key", "[{\"", "x"},
      {"json one key, escapes", "[{\"", "\\n"},
      {"json one number", member + "1", "7"},
      {"json blanks", "[", " "},
      {"json line ends", "[", "\n"},
      {"json nested, numbers", member + "[0", ",0"},
      {"json nested, texts", member + "[0", ",\"x\""},
      {"json nested, escapes", member + "[\"", "\\n"},
      {"json nested, arrays", member + "[0", ",[]"},
      {"json nested, objects", member + "[0", ",{\"a\":1}"},
      {"json nested, deep", member + "[0", "," + repeat("[", 12) + repeat("]", 12)},
      {"json nested, other key orders", member + "[", objects_in_other_orders()},
      {"json skipped, numbers", skipped + "[0", ",0"},
      {"json skipped, texts", skipped + "[0", ",\"x\""},
      {"json skipped, literals", skipped + "[0", ",true"},
      {"json skipped, objects", skipped + "[0", ",{\"a\":1}"},
      {"json skipped, deep", skipped + "[0", "," + repeat("[", 12) + repeat("]", 12)},
      {"json records, empty", "[{}", ",{}"},
      {"json records, numbers", "[0", ",0"},
      {"json records, tiny cells", "[{}", ",{\"a\":1,\"b\":2,\"c\":\"\"}"},
      {"json records, spaced", "[{}", " ,\n    {\n        \"a\" : 1\n    }"},
  };
  for (const auto& [name, text, bytes] :
       {std::tuple{"json kept cells, x", "x", 60'000},
        {"json kept cells, escapes", "\\n", 120'000},
        {"json kept cells, x and escapes", "x\\n", 90'000},
        {"json kept cells, unicode escapes", "\\u00e9", 180'000}}) {
    const std::string text_of_cell =
        "\"" + repeat(text, static_cast<std::size_t>(bytes) / std::string_view(text).size()) + '"';
    std::string record = ",{\"k\":1";
    for (int key = 0; key < 50; ++key)
      record += ",\"k" + std::to_string(key) + "\":" + text_of_cell;
    shapes.push_back({name, "[{}", record + "}"});
  }
  for (const auto& [name, element] : {std::pair{"json kept nested, numbers", ",0"},
                                      {"json kept nested, texts", ",\"x\""},
                                      {"json kept nested, escapes", ",\"\\n\\n\\n\\n\""},
                                      {"json kept nested, objects", ",{\"a\":1}"}}) {
    const std::string value =
        "[0" + repeat(element, 60'000 / std::string_view(element).size()) + "]";
    std::string record = ",{\"k\":1";
    for (int key = 0; key < 50; ++key) record += ",\"k" + std::to_string(key) + "\":" + value;
    shapes.push_back({name, "[{}", record + "}"});
  }
  return shapes;
}

class CountingSink final : public muster::codec::RecordSink {
 public:
  Result<void> on_header(std::span<const std::string_view>) override { return {}; }
  Result<void> on_record(const Record& record) override {
    for (const auto& cell : record.cells) bytes += cell.text.size();
    return {};
  }
  std::size_t bytes = 0;
};

template <typename Reader>
double mb_per_s(const Shape& shape) {
  std::string body = shape.head;
  const std::size_t head = body.size();
  while (body.size() < head + kChunkBytes) body += shape.unit;
  const std::size_t round = body.size() - head;
  CountingSink sink;
  Reader reader(sink);
  std::size_t fed = 0;
  const std::clock_t begin = std::clock();
  if (!reader.feed(shape.head)) throw std::runtime_error(shape.name);
  while (fed < kBodyBytes) {
    for (std::size_t at = head; at < body.size(); at += kChunkBytes) {
      const auto chunk = std::string_view(body).substr(at, kChunkBytes);
      if (auto taken = reader.feed(chunk); !taken) throw std::runtime_error(taken.error().message);
    }
    fed += round;
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  return static_cast<double>(fed) / seconds / 1e6;
}

template <typename Reader>
void measure(const std::vector<Shape>& shapes, std::string_view wanted) {
  for (const Shape& shape : shapes) {
    if (std::string_view(shape.name).find(wanted) == std::string_view::npos) continue;
    double best = 0;
    for (int run = 0; run < kRuns; ++run) best = std::max(best, mb_per_s<Reader>(shape));
    std::printf("%-36s %6.0f\n", shape.name, best);
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  measure<CsvReader>(csv_shapes(), wanted);
  measure<JsonReader>(json_shapes(), wanted);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_shapes: %s\n", error.what());
  return 1;
}
