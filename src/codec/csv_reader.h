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
// Speed: cells end at special bytes, which are found 64 at a time (special_bytes.h). A run of the
// same special byte is taken at once, and text that nobody will see is stepped over in blocks
// (csv_skip.h), in later chunks from their first byte on, so that no body is slow for what it
// holds.
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
#include "codec/record_cells.h"

namespace muster::codec {

class CsvReader final : public BodyReader {
 public:
  // `sink` must outlive the reader.
  explicit CsvReader(RecordSink& sink) : sink_(sink) {}

 private:
  static constexpr std::uint64_t kNowhere = ~std::uint64_t{0} - 1;

  // Where the next byte stands. Positions are byte offsets in the body, so that a chunk border
  // between two bytes that belong together (CR and LF, two quotes, two backslashes) needs no state
  // of its own.
  enum class Place : std::uint8_t {
    kCell,        // in an unquoted cell, its first byte included
    kQuoted,      // between quotes
    kAfterQuote,  // after a quote that closes the cell, or is the first of two
    kAfterCr,     // after a closing quote and a CR
  };

  [[nodiscard]] Result<void> parse(std::string_view text, std::uint64_t offset) override;
  [[nodiscard]] Result<void> parse_end() override;

  // They take the special byte at `at`, and those of its kind that follow at once: next_ is where
  // the reading goes on.
  [[nodiscard]] Result<void> on_special(std::size_t at);
  [[nodiscard]] Result<void> on_cell_byte(std::size_t at);
  [[nodiscard]] Result<void> on_line_end(std::size_t lf);
  [[nodiscard]] Result<void> on_byte_after_quote(std::size_t at);
  void on_quoted_byte(std::size_t at);
  void on_quotes(std::size_t at);
  void on_cr(std::size_t at);
  void on_backslash(std::size_t at);
  void skip_dropped();
  std::size_t drop_cr_before(std::size_t lf);

  // Inline: this is where the reader spends its time. False: the record has no column for it.
  [[gnu::always_inline]] bool end_cell(std::string_view last_piece, std::size_t next) {
    Cell* const cell =
        cells_.end_cell(last_piece, lone_crs_ == 0 ? CellKind::kText : CellKind::kLoneCr);
    if (cell != nullptr && cell->text == "null" && !quoted_) cell->kind = CellKind::kNull;
    place_ = Place::kCell;
    quoted_ = false;
    lone_crs_ = 0;
    begin_cell(next);
    return cell != nullptr;
  }
  [[nodiscard]] Result<void> end_cell_at_comma(std::string_view last_piece, std::size_t next);
  [[nodiscard]] Result<void> end_line(std::string_view last_piece, std::size_t next);
  [[nodiscard]] Result<void> end_record();
  [[nodiscard]] Result<void> end_header();
  [[nodiscard]] Result<void> end_text();
  void begin_record(std::size_t at);

  void begin_cell(std::size_t at) {
    piece_begin_ = at;
    cell_begin_ = position(at);
  }
  [[nodiscard]] std::uint64_t position(std::size_t at) const { return text_offset_ + at; }
  [[nodiscard]] std::string_view piece(std::size_t end) const {
    return text_.substr(piece_begin_, end - piece_begin_);
  }

  RecordSink& sink_;
  RecordCells cells_;
  std::vector<std::string> names_;  // of the columns
  bool header_read_ = false;

  // The text being parsed; meaningful inside parse() only.
  std::string_view text_;
  std::uint64_t text_offset_ = 0;
  std::size_t next_ = 0;           // nothing before it is of interest
  std::size_t piece_begin_ = 0;    // where the open cell's uncopied text begins
  std::string_view quoted_piece_;  // after a quote: the uncopied text before it

  Place place_ = Place::kCell;
  bool quoted_ = false;         // the open cell
  std::uint64_t lone_crs_ = 0;  // in the open cell
  std::uint64_t cell_begin_ = 0;
  std::uint64_t last_cr_ = kNowhere;
  std::uint64_t last_backslash_ = kNowhere;
  std::uint64_t last_quote_ = kNowhere;  // kAfterQuote: that quote
  std::uint64_t end_ = 0;                // after the last byte parsed
  std::uint64_t line_ = 1;
  std::uint64_t quote_line_ = 0;  // where the open quote stands
  std::uint64_t record_line_ = 1;
  std::uint64_t record_begin_ = 0;
};

}  // namespace muster::codec
