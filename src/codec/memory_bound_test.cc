// The readers' memory does not grow with the body: 64 MB of whatever a client may send. A program
// of its own, because it counts every allocation.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "codec/csv_reader.h"
#include "codec/json_reader.h"

namespace {

std::size_t live_bytes = 0;
std::size_t peak_bytes = 0;

void* counted(std::size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  live_bytes += malloc_usable_size(memory);
  peak_bytes = std::max(peak_bytes, live_bytes);
  return memory;
}

void uncounted(void* memory) {
  if (memory != nullptr) live_bytes -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { uncounted(memory); }
void operator delete[](void* memory) noexcept { uncounted(memory); }
void operator delete(void* memory, std::size_t) noexcept { uncounted(memory); }
void operator delete[](void* memory, std::size_t) noexcept { uncounted(memory); }

namespace muster::codec {
namespace {

constexpr std::size_t kBodyBytes = 64ULL * 1024 * 1024;
constexpr std::size_t kSmall = 512ULL * 1024;
// One record whose cells are all as long as they may be.
constexpr std::size_t kFullRecord = limits::kColumnsMax * limits::kCellBytesMax + kSmall;

struct CountingSink final : RecordSink {
  Result<void> on_header(std::span<const std::string_view>) override { return {}; }
  Result<void> on_record(const Record& record) override {
    ++records;
    for (const Cell& cell : record.cells) {
      too_long += cell.kind == CellKind::kTooLong ? 1U : 0U;
      longest = std::max(longest, cell.text.size());
    }
    return {};
  }
  std::size_t records = 0;
  std::size_t too_long = 0;
  std::size_t longest = 0;
};

struct Use {
  std::size_t peak = 0;  // bytes the reader held at once
  CountingSink sink;
  Result<void> result;
};

// `head`, then `unit` again and again until 64 MB are full, then `tail`. The last byte of each
// chunk comes on its own, so that chunks end inside of a unit.
template <typename Reader>
Use read_repeated(std::string_view head, std::string_view unit, std::string_view tail) {
  std::string chunk;
  while (chunk.size() < limits::kBodyChunkBytes) chunk += unit;
  const std::size_t size = chunk.size() / unit.size() * unit.size();
  Use use;
  const std::size_t before = live_bytes;
  peak_bytes = live_bytes;
  {
    Reader reader(use.sink);
    use.result = reader.feed(head);
    for (std::size_t fed = 0; fed < kBodyBytes && use.result; fed += size) {
      const std::string_view text = std::string_view(chunk).substr(0, size);
      use.result = reader.feed(text.substr(0, size - 1));
      if (use.result) use.result = reader.feed(text.substr(size - 1));
    }
    if (use.result) use.result = reader.feed(tail);
    if (use.result) use.result = reader.finish();
  }
  use.peak = peak_bytes - before;
  return use;
}

TEST(CsvMemory, OneEndlessCell) {
  const Use use = read_repeated<CsvReader>("a,b\n1,", "x", "\n2,y\n");
  EXPECT_TRUE(use.result);
  EXPECT_EQ(use.sink.records, 2U);
  EXPECT_EQ(use.sink.too_long, 1U);
  EXPECT_LE(use.sink.longest, limits::kMessageTextBytesMax);
  EXPECT_LT(use.peak, kSmall);
}

TEST(CsvMemory, QuoteNeverClosed) {
  const Use use = read_repeated<CsvReader>("a,b\n1,\"", "xy,\"\"\r\n\\\\", "");
  ASSERT_FALSE(use.result);
  EXPECT_EQ(use.result.error().message, "Invalid CSV in line 2: a quote is never closed.");
  EXPECT_LT(use.peak, kSmall);
}

TEST(CsvMemory, EndlessHeader) {
  const Use use = read_repeated<CsvReader>("", "x", "");
  EXPECT_FALSE(use.result);
  EXPECT_LT(use.peak, kSmall);
}

TEST(CsvMemory, EndlesslyManyCells) {
  const Use use = read_repeated<CsvReader>("a,b\n", "xyz,", "\n");
  EXPECT_TRUE(use.result);
  EXPECT_EQ(use.sink.records, 1U);
  EXPECT_LT(use.peak, kSmall);
}

TEST(CsvMemory, EmptyLines) {
  for (const char* line : {"\n", "\r\n"}) {
    const Use use = read_repeated<CsvReader>("a,b\n", line, "1,x");
    EXPECT_TRUE(use.result);
    EXPECT_EQ(use.sink.records, 1U);
    EXPECT_LT(use.peak, kSmall);
  }
}

TEST(CsvMemory, MillionsOfRecords) {
  const Use use = read_repeated<CsvReader>("a,b\n", "1,\"x\"\n", "");
  EXPECT_TRUE(use.result);
  EXPECT_GT(use.sink.records, 10'000'000U);
  EXPECT_LT(use.peak, kSmall);
}

TEST(CsvMemory, EveryCellAsLongAsItMayBe) {
  std::string header = "c";
  for (std::size_t i = 1; i < limits::kColumnsMax; ++i) header += ",c";
  const std::string cell = std::string(limits::kCellBytesMax, 'x') + ",";
  const Use use = read_repeated<CsvReader>(header + "\n", cell, "\n");
  EXPECT_TRUE(use.result);
  EXPECT_EQ(use.sink.too_long, 0U);
  EXPECT_EQ(use.sink.longest, limits::kCellBytesMax);
  // A growing string may hold up to twice what it needs.
  EXPECT_LT(use.peak, 2 * kFullRecord);
}

TEST(JsonMemory, EndlessText) {
  for (const char* unit : {"x", "\\u00e9", "\xC3\xA9"}) {
    const Use use = read_repeated<JsonReader>("[{\"a\":\"", unit, "\"},{\"b\":1}]");
    EXPECT_TRUE(use.result);
    EXPECT_EQ(use.sink.records, 2U);
    EXPECT_EQ(use.sink.too_long, 1U);
    EXPECT_LE(use.sink.longest, limits::kMessageTextBytesMax);
    EXPECT_LT(use.peak, kSmall);
  }
}

TEST(JsonMemory, TextNeverClosed) {
  const Use use = read_repeated<JsonReader>("[{\"a\":\"", "x", "");
  EXPECT_FALSE(use.result);
  EXPECT_LT(use.peak, kSmall);
}

TEST(JsonMemory, EndlessKey) {
  const Use use = read_repeated<JsonReader>("[{\"", "x", "\":1}]");
  EXPECT_TRUE(use.result);
  EXPECT_EQ(use.sink.records, 1U);
  EXPECT_LT(use.peak, kSmall);
}

TEST(JsonMemory, EndlessNumber) {
  for (const char* head : {"[{\"a\":1", "[{\"a\":0.1", "[{\"a\":[1"}) {
    const Use use = read_repeated<JsonReader>(head, "7", "");
    EXPECT_FALSE(use.result);
    EXPECT_LT(use.peak, kSmall);
  }
}

TEST(JsonMemory, Blanks) {
  const Use use = read_repeated<JsonReader>("[", " \n", "{\"id\":1}]");
  EXPECT_TRUE(use.result);
  EXPECT_EQ(use.sink.records, 1U);
  EXPECT_LT(use.peak, kSmall);
}

TEST(JsonMemory, EndlessNestedValue) {
  const Use use = read_repeated<JsonReader>("[{\"a\":[0", ",{\"b\":[\"x\"]}", "]},{\"id\":1}]");
  EXPECT_TRUE(use.result);
  EXPECT_EQ(use.sink.records, 2U);
  EXPECT_EQ(use.sink.too_long, 1U);
  EXPECT_LT(use.peak, kSmall);
}

TEST(JsonMemory, MillionsOfElements) {
  const Use use = read_repeated<JsonReader>("{\"users\":[0", ",{},[{\"a\":[]}]", "]}");
  EXPECT_TRUE(use.result);
  EXPECT_GT(use.sink.records, 5'000'000U);
  EXPECT_LT(use.peak, kSmall);
}

}  // namespace
}  // namespace muster::codec
