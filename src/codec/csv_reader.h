// Push reader for the API's CSV dialect (protocol: RFC 4180 with four deviations).
//
//   CsvReader reader(sink);
//   if (auto ok = reader.feed(chunk); !ok) return ok.error();
//   return reader.finish();
//
// The first line names the columns (names trimmed); empty lines are skipped. Records end with LF or
// CRLF. Inside quotes `""` is one quote and CRLF becomes LF. Anywhere, `\\` is one backslash and a
// backslash before anything else stays. A quote inside an unquoted cell is a plain character.
//
// Memory: cells are views into the chunk unless something has to be removed from them or the record
// crosses a chunk border; then the record is copied, at most kColumnsMax cells of kCellBytesMax.
//
// kInvalidData (naming the line) for text after a closing quote, an unclosed quote, a header with a
// lone CR, with a name over kCellBytesMax or with more than kColumnsMax cells; kInvalidData (naming
// the byte) for text that is not UTF-8; kParameterRequired for a body without a header.
// Not thread-safe: one reader per request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/body_reader.h"
#include "codec/record.h"

namespace muster::codec {

class CsvReader final : public BodyReader {
 public:
  // `sink` must outlive the reader.
  explicit CsvReader(RecordSink& sink) : sink_(sink) {}

 private:
  RecordSink& sink_;
};

}  // namespace muster::codec
