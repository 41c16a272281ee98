// Push reader for JSON bodies: an array of flat objects, one record each.
//
//   JsonReader reader(sink);
//   if (auto ok = reader.feed(chunk); !ok) return ok.error();
//   return reader.finish();
//
// Also read: an object that holds the array under "users" or "data" (its other members are
// skipped, since clients send back what GET gave), `{"user":{...}}` around a record, and one object
// with at least one flat member, or without any member, as a single record. An array element that
// is no object becomes a Record with is_object = false.
//
// Memory: the record being read, at most kColumnsMax cells of kCellBytesMax. Cells are views into
// the chunk unless they have escapes or the record crosses a chunk border.
//
// kInvalidData (naming the byte offset) for a syntax error, text after the end, a key given twice
// in one object, more than kColumnsMax keys, nesting deeper than kNestingDepthMax, an escape that
// is half a surrogate pair, and text that is not UTF-8; kParameterRequired for an empty body.
// Not thread-safe: one reader per request.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "codec/body_reader.h"
#include "codec/json_records.h"
#include "codec/json_tokens.h"
#include "codec/record.h"

namespace muster::codec {

class JsonReader final : public BodyReader {
 public:
  // `sink` must outlive the reader.
  explicit JsonReader(RecordSink& sink) : records_(sink) {}

 private:
  [[nodiscard]] Result<void> parse(std::string_view text, std::uint64_t offset) override;
  [[nodiscard]] Result<void> parse_end() override;
  [[nodiscard]] std::unexpected<Error> failure() const;

  JsonRecords records_;
  JsonTokens tokens_{records_};
};

}  // namespace muster::codec
