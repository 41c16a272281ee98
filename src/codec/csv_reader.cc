#include "codec/csv_reader.h"

#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "codec/csv_skip.h"
#include "codec/special_bytes.h"

namespace muster::codec {
namespace {

std::unexpected<Error> invalid(std::uint64_t line, std::string_view what) {
  return fail(ErrorType::kInvalidData,
              "Invalid CSV in line " + std::to_string(line) + ": " + std::string(what) + ".");
}

std::unexpected<Error> text_after_quote(std::uint64_t line) {
  return invalid(line, "text after a closing quote");
}

}  // namespace

Result<void> CsvReader::parse(std::string_view text, std::uint64_t offset) {
  if (text.empty()) return {};
  if (end_ == 0) cell_begin_ = record_begin_ = offset;  // not 0 after a byte order mark
  text_ = text;
  text_offset_ = offset;
  piece_begin_ = 0;
  end_ = offset + text.size();
  next_ = 0;
  if (cells_.dropping()) skip_dropped();
  SpecialBytes specials(text);
  specials.go_on_at(next_);
  for (std::size_t at = specials.next(); at != text.size(); at = specials.next()) {
    next_ = at + 1;
    if (text[at] == ',' && place_ <= Place::kQuoted && header_read_) [[likely]] {
      // The comma after an unquoted cell is what most special bytes are.
      if (place_ == Place::kCell ? end_cell(piece(at), at + 1) : !cells_.dropping()) continue;
    } else if (auto read = on_special(at); !read) {
      return read;
    }
    if (cells_.dropping()) skip_dropped();
    if (next_ != at + 1) specials.go_on_at(next_);
  }
  return end_text();
}

Result<void> CsvReader::on_special(std::size_t at) {
  switch (place_) {
    case Place::kCell:
      return on_cell_byte(at);
    case Place::kQuoted:
      on_quoted_byte(at);
      return {};
    case Place::kAfterQuote:
    case Place::kAfterCr:
      return on_byte_after_quote(at);
  }
  return {};
}

Result<void> CsvReader::on_cell_byte(std::size_t at) {
  switch (text_[at]) {
    case ',':
      return end_cell_at_comma(piece(at), at + 1);
    case '\n':
      return on_line_end(at);
    case '\r':
      on_cr(at);
      return {};
    case '\\':
      on_backslash(at);
      return {};
    default:  // a quote; anywhere but at the cell's start it is a plain character
      if (position(at) != cell_begin_) {
        next_ = run_end(text_, at);
        return {};
      }
      place_ = Place::kQuoted;
      quoted_ = true;
      quote_line_ = line_;
      piece_begin_ = at + 1;
      return {};
  }
}

Result<void> CsvReader::on_line_end(std::size_t lf) {
  const bool crlf = position(lf) == last_cr_ + 1;
  if (position(lf) - record_begin_ > (crlf ? 1 : 0))
    return end_line(piece(drop_cr_before(lf)), lf + 1);
  // An empty line, and those that follow it.
  next_ = run_end(text_, lf);
  line_ += next_ - lf;
  for (; text_.substr(next_).starts_with("\r\n"); next_ += 2) ++line_;
  begin_record(next_);
  return {};
}

void CsvReader::on_quoted_byte(std::size_t at) {
  switch (text_[at]) {
    case '"':
      on_quotes(at);
      break;
    case '\n':
      if (const std::size_t end = drop_cr_before(at); end < at) {
        cells_.append(piece(end));
        piece_begin_ = at;
      }
      next_ = run_end(text_, at);
      line_ += next_ - at;
      break;
    case '\r':
      on_cr(at);
      break;
    case '\\':
      on_backslash(at);
      break;
    default:
      break;
  }
}

// Of each two quotes one stays in the text. One that is left closes the cell, unless it is the
// first of two.
void CsvReader::on_quotes(std::size_t at) {
  next_ = run_end(text_, at);
  const std::size_t pairs = (next_ - at) / 2;
  if (pairs > 0) {
    cells_.append(piece(at + pairs));
    piece_begin_ = at + 2 * pairs;
  }
  if (piece_begin_ == next_) return;
  place_ = Place::kAfterQuote;
  last_quote_ = position(next_ - 1);
  quoted_piece_ = piece(next_ - 1);
}

void CsvReader::on_cr(std::size_t at) {
  // Of each CRLF inside of quotes the LF stays.
  for (; place_ == Place::kQuoted && text_.substr(at).starts_with("\r\n"); at = next_) {
    cells_.append(piece(at));
    piece_begin_ = at + 1;
    next_ = at + 2;
    ++line_;
  }
  if (at == text_.size() || text_[at] != '\r') return;
  next_ = run_end(text_, at);
  last_cr_ = position(next_ - 1);
  lone_crs_ += next_ - at;
}

Result<void> CsvReader::on_byte_after_quote(std::size_t at) {
  const char byte = text_[at];
  if (place_ == Place::kAfterCr) {
    if (position(at) != last_cr_ + 1 || byte != '\n') return text_after_quote(line_);
    return end_line(quoted_piece_, at + 1);
  }
  if (position(at) != last_quote_ + 1) return text_after_quote(line_);
  switch (byte) {
    case ',':
      return end_cell_at_comma(quoted_piece_, at + 1);
    case '\n':
      return end_line(quoted_piece_, at + 1);
    case '\r':
      last_cr_ = position(at);
      place_ = Place::kAfterCr;
      return {};
    case '"':  // the second of two: it begins the next piece and so stays in the text
      cells_.append(quoted_piece_);
      piece_begin_ = at;
      place_ = Place::kQuoted;
      return {};
    default:
      return text_after_quote(line_);
  }
}

// Of each two backslashes one stays in the text. One that is left may be the first of two.
void CsvReader::on_backslash(std::size_t at) {
  next_ = run_end(text_, at);
  if (position(at) == last_backslash_ + 1) {  // the second one of a pair that a chunk border cut
    cells_.append(piece(at));
    piece_begin_ = ++at;
  }
  const std::size_t pairs = (next_ - at) / 2;
  if (pairs > 0) {
    cells_.append(piece(at + pairs));
    piece_begin_ = at + 2 * pairs;
  }
  last_backslash_ = (next_ - at) % 2 == 0 ? kNowhere : position(next_ - 1);
}

// The open cell's text is of no use: too long, or of no column. On to where it may end.
void CsvReader::skip_dropped() {
  Skipped skipped{.end = next_};
  if (place_ == Place::kQuoted) {
    skipped = skip_quoted(text_, next_);
  } else if (place_ == Place::kCell && cell_begin_ != position(next_)) {
    skipped = skip_cell(text_, next_);
  } else if (place_ == Place::kCell && header_read_) {
    skipped = skip_cells(text_, next_);
    cells_.add_extra(skipped.commas);
    begin_cell(skipped.end);
  }
  line_ += skipped.lines;
  next_ = skipped.end;
}

// Where the open cell's text ends when a LF follows: before the CR of a CRLF.
std::size_t CsvReader::drop_cr_before(std::size_t lf) {
  if (position(lf) != last_cr_ + 1) return lf;
  --lone_crs_;
  if (lf > piece_begin_) return lf - 1;
  cells_.drop_last_byte();  // the CR ended the chunk before this one
  return lf;
}

Result<void> CsvReader::end_cell_at_comma(std::string_view last_piece, std::size_t next) {
  if (end_cell(last_piece, next) || header_read_) return {};
  return invalid(line_, "more than " + std::to_string(limits::kColumnsMax) + " columns");
}

Result<void> CsvReader::end_line(std::string_view last_piece, std::size_t next) {
  if (auto ended = end_cell_at_comma(last_piece, next); !ended) return ended;
  if (auto taken = header_read_ ? end_record() : end_header(); !taken) return taken;
  ++line_;
  begin_record(next);
  return {};
}

Result<void> CsvReader::end_record() {
  return sink_.on_record({.cells = cells_.cells(),
                          .line = record_line_,
                          .offset = record_begin_,
                          .extra_cells = cells_.extra()});
}

Result<void> CsvReader::end_header() {
  for (const Cell& cell : cells_.cells()) {
    if (cell.kind == CellKind::kTooLong) return invalid(record_line_, "a column name is too long");
    if (cell.kind == CellKind::kLoneCr) {
      return invalid(record_line_, "a CR without LF is not a line end");
    }
    names_.emplace_back(trim(cell.text));
  }
  const std::vector<std::string_view> names(names_.begin(), names_.end());
  header_read_ = true;
  cells_.set_columns(names);
  return sink_.on_header(names);
}

void CsvReader::begin_record(std::size_t at) {
  cells_.clear();
  lone_crs_ = 0;
  begin_cell(at);
  record_begin_ = cell_begin_;
  record_line_ = line_;
}

// The text ends; what it leaves open is continued by the next one.
Result<void> CsvReader::end_text() {
  const bool after_quote = place_ == Place::kAfterQuote && end_ > last_quote_ + 1;
  const bool after_cr = place_ == Place::kAfterCr && end_ > last_cr_ + 1;
  if (after_quote || after_cr) return text_after_quote(line_);
  if (place_ == Place::kCell || place_ == Place::kQuoted) {
    cells_.append(piece(text_.size()));
  } else {
    cells_.append(quoted_piece_);
    quoted_piece_ = {};
  }
  cells_.keep();
  return {};
}

Result<void> CsvReader::parse_end() {
  text_ = {};
  text_offset_ = end_;
  piece_begin_ = 0;
  if (place_ == Place::kQuoted) return invalid(quote_line_, "a quote is never closed");
  if (place_ == Place::kAfterCr) return text_after_quote(line_);
  if (end_ > record_begin_) {
    if (auto ended = end_line({}, 0); !ended) return ended;
  }
  if (!header_read_) return fail(ErrorType::kParameterRequired, "The body has no header line.");
  return {};
}

}  // namespace muster::codec
