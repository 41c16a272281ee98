// The seam between body readers (CSV, JSON) and whoever plans the records.
//
//   CsvReader reader(sink);
//   for (chunk of body) if (auto ok = reader.feed(chunk); !ok) return ok.error();
//   return reader.finish();
//
// A reader pushes one record at a time; views in it live until the call returns. Whatever the
// split of the body into chunks, the sink sees the same calls and the reader gives the same result.
// Not thread-safe: one reader and one sink per request.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace muster::codec {

enum class CellKind : std::uint8_t {
  kText,     // CSV cell; JSON string, or number as its source text
  kBoolean,  // JSON true/false, text "true"/"false"
  kNull,     // JSON null; CSV cell exactly null, unquoted; text "null"
  kNested,   // JSON array or object: its compact JSON text (at most kCellBytesMax)
  kTooLong,  // longer than kCellBytesMax: text holds the first kMessageTextBytesMax bytes or so
  kLoneCr,   // CSV: a CR that is not part of a CRLF stood inside the cell; text holds the cell
};

struct Cell {
  std::string_view name;  // JSON key; CSV column name (trimmed header cell)
  std::string_view text;
  CellKind kind = CellKind::kText;
};

struct Record {
  std::span<const Cell> cells;  // CSV: in column order, missing trailing cells left out
  std::uint64_t line = 0;       // CSV: 1-based line the record starts on; JSON: 0
  std::uint64_t offset = 0;     // CSV: byte offset in the body where it starts; JSON: 0
  std::size_t extra_cells = 0;  // CSV: cells beyond the header (their text is dropped)
  bool is_object = true;        // JSON: false when the array element was not an object
};

class RecordSink {
 public:
  virtual ~RecordSink() = default;
  // CSV only, once. An error ends the request with that error.
  [[nodiscard]] virtual Result<void> on_header(std::span<const std::string_view> names) = 0;
  // An error ends the request with that error (record 501).
  [[nodiscard]] virtual Result<void> on_record(const Record& record) = 0;
};

// What every body reader offers. After an error the reader is finished: feed() and finish()
// give the same error again. Messages name the place ("line 3", "at offset 120").
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  [[nodiscard]] virtual Result<void> feed(std::string_view chunk) = 0;
  // After the last byte. kParameterRequired for a body of zero bytes (or a byte order mark only).
  [[nodiscard]] virtual Result<void> finish() = 0;
};

}  // namespace muster::codec
