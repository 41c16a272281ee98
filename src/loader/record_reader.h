// Cuts a CSV file into its records without changing a byte of them: what is sent to the server, and
// what a failed row looks like, is what stood in the file. The dialect is that of codec/csv_reader
// (docs/api/bulk-users.md); here only its boundaries matter.
//
//   RecordReader reader(source);
//   while (auto record = reader.next()) use(record->bytes);
//   if (reader.read_error()) ...
//
// Empty lines and a byte order mark are skipped. Broken syntax does not end the reading: it becomes
// a problem, and the reading goes on with the next line.
// Memory: one record (at most kRecordBytesMax) and one block of the file.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "loader/problem.h"

namespace muster::loader {

// Fills the span with the next bytes of the file; 0 at its end.
using ByteSource = std::function<Result<std::size_t>(std::span<char>)>;

// Views live until the next call of next().
struct RawRecord {
  std::string_view bytes;  // without the line end; never empty
  bool crlf = false;       // that line end; a last record without one counts as LF
  std::uint64_t line = 0;  // 1-based, where it begins
  // Where each cell begins in `bytes`, quotes included: at least one.
  std::span<const std::uint32_t> cells;

  [[nodiscard]] std::string_view cell(std::size_t index) const;
  // The first `count` cells, as they stand. REQUIRES: 0 < count.
  [[nodiscard]] std::string_view first_cells(std::size_t count) const;
};

// The place of the byte at `at` in the record, told to a reader of the file.
[[nodiscard]] Problem problem_at(const RawRecord& record, std::size_t at, std::string message);

class RecordReader {
 public:
  // `problems` may be null: the file was checked already. It outlives the reader.
  RecordReader(ByteSource source, ProblemList* problems);

  // The next record, the header first; nullopt at the end of the file.
  [[nodiscard]] std::optional<RawRecord> next();

  // Set when the file could not be read to its end.
  [[nodiscard]] const std::optional<Error>& read_error() const { return read_error_; }
  [[nodiscard]] bool had_byte_order_mark() const { return had_mark_; }
  // Bytes of the file taken so far, the last record included.
  [[nodiscard]] std::uint64_t position() const { return consumed_ + begin_; }

 private:
  enum class Place : std::uint8_t { kCellStart, kCell, kQuoted, kAfterQuote, kAfterCr };

  [[nodiscard]] bool fill();
  [[nodiscard]] bool skip_empty_lines();
  [[nodiscard]] bool find_end();
  void take(char byte, std::size_t at);
  void take_after_quote(char byte, std::size_t at);
  void complain(std::size_t at, std::string message);
  void give_up_record();
  [[nodiscard]] RawRecord record_until(std::size_t end);

  ByteSource source_;
  ProblemList* problems_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of the open record in the buffer
  std::size_t end_ = 0;    // of the bytes read
  bool at_end_ = false;
  bool had_mark_ = false;
  bool started_ = false;
  std::uint64_t consumed_ = 0;  // bytes of the file before the buffer
  std::uint64_t line_ = 1;      // of the open record
  std::uint64_t next_line_ = 1;

  // The open record.
  Place place_ = Place::kCellStart;
  std::size_t scanned_ = 0;  // bytes looked at
  std::size_t quote_ = 0;    // where the open quote stands, or the CR after it
  std::vector<std::uint32_t> cells_;
  std::optional<Error> read_error_;
};

}  // namespace muster::loader
