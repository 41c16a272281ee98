#include "loader/record_reader.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "base/text.h"

namespace muster::loader {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr const char* kTextAfterQuote = "text after a closing quote";

}  // namespace

std::string_view RawRecord::cell(std::size_t index) const {
  const std::size_t begin = cells[index];
  const std::size_t end = index + 1 < cells.size() ? cells[index + 1] - 1 : bytes.size();
  return bytes.substr(begin, end - begin);
}

std::string_view RawRecord::first_cells(std::size_t count) const {
  return count < cells.size() ? bytes.substr(0, cells[count] - 1) : bytes;
}

Problem problem_at(const RawRecord& record, std::size_t at, std::string message) {
  const std::string_view before = record.bytes.substr(0, at);
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return {.line = record.line + static_cast<std::uint64_t>(std::ranges::count(before, '\n')),
          .column = count_code_points(before.substr(line_begin)) + 1,
          .message = std::move(message)};
}

RecordReader::RecordReader(ByteSource source, ProblemList* problems)
    : source_(std::move(source)), problems_(problems), buffer_(limits::kReadBytes) {}

// More bytes behind those that are there; false at the end of the file. The open record moves to
// the buffer's beginning and the buffer grows with it.
bool RecordReader::fill() {
  if (at_end_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    consumed_ += begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ + limits::kReadBytes / 2 > buffer_.size()) buffer_.resize(end_ + limits::kReadBytes);
  const auto got = source_(std::span(buffer_).subspan(end_));
  if (!got) read_error_ = got.error();
  at_end_ = !got || *got == 0;
  if (got) end_ += *got;
  return !at_end_;
}

bool RecordReader::skip_empty_lines() {
  if (!started_) {
    while (end_ < kByteOrderMark.size() && fill()) continue;
    started_ = true;
    had_mark_ = std::string_view(buffer_.data(), end_).starts_with(kByteOrderMark);
    if (had_mark_) begin_ = kByteOrderMark.size();
  }
  for (;;) {
    if (end_ - begin_ < 2 && !at_end_) {
      if (fill()) continue;
    }
    const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
    const std::size_t skipped = rest.starts_with('\n') ? 1 : rest.starts_with("\r\n") ? 2 : 0;
    if (skipped == 0) return !rest.empty();
    begin_ += skipped;
    ++next_line_;
  }
}

std::optional<RawRecord> RecordReader::next() {
  while (skip_empty_lines()) {
    line_ = next_line_;
    place_ = Place::kCellStart;
    scanned_ = 0;
    cells_.assign(1, 0);
    bool ended = find_end();
    while (!ended && scanned_ <= limits::kRecordBytesMax && fill()) ended = find_end();
    if (read_error_) break;
    if (!ended && (!at_end_ || place_ == Place::kQuoted || place_ == Place::kAfterCr)) {
      give_up_record();
      continue;
    }
    const RawRecord record = record_until(scanned_);
    if (!record.bytes.empty()) return record;
  }
  return std::nullopt;
}

// Looks at the open record's bytes up to the line end that closes it; false when that is not there.
bool RecordReader::find_end() {
  const char* const bytes = buffer_.data() + begin_;
  const std::size_t size = end_ - begin_;
  for (std::size_t at = scanned_; at < size; ++at) {
    const char byte = bytes[at];
    if (place_ == Place::kCell && byte != ',' && byte != '\n') continue;
    if (place_ == Place::kQuoted && byte != '"') continue;
    if (byte == '\n') {
      scanned_ = at;
      return true;
    }
    take(byte, at);
  }
  scanned_ = size;
  return false;
}

void RecordReader::take(char byte, std::size_t at) {
  if (place_ == Place::kQuoted) {
    place_ = Place::kAfterQuote;
  } else if (place_ == Place::kAfterQuote || place_ == Place::kAfterCr) {
    take_after_quote(byte, at);
  } else if (byte == ',') {
    place_ = Place::kCellStart;
    cells_.push_back(static_cast<std::uint32_t>(at + 1));
  } else if (place_ == Place::kCellStart) {
    place_ = byte == '"' ? Place::kQuoted : Place::kCell;
    quote_ = at;
  }
}

void RecordReader::take_after_quote(char byte, std::size_t at) {
  if (place_ == Place::kAfterCr) {
    complain(quote_, kTextAfterQuote);
    place_ = Place::kCell;
    take(byte, at);
  } else if (byte == ',') {
    place_ = Place::kCell;
    take(byte, at);
  } else if (byte == '"') {  // the second of two
    place_ = Place::kQuoted;
  } else if (byte == '\r') {
    place_ = Place::kAfterCr;
    quote_ = at;
  } else {
    complain(at, kTextAfterQuote);
    place_ = Place::kCell;
  }
}

void RecordReader::complain(std::size_t at, std::string message) {
  if (problems_ == nullptr) return;
  const RawRecord seen{
      .bytes = {buffer_.data() + begin_, std::max(at, scanned_)}, .line = line_, .cells = cells_};
  problems_->add(problem_at(seen, at, std::move(message)));
}

// The open record has no end that could be believed. Only the end of a line is certain: what comes
// after the line of the trouble is read as if that line were not there.
void RecordReader::give_up_record() {
  const bool quoted = place_ == Place::kQuoted;
  const std::size_t from = quoted || place_ == Place::kAfterCr ? quote_ : 0;
  complain(from, quoted                      ? "a quote is never closed"
                 : place_ == Place::kAfterCr ? kTextAfterQuote
                                             : "a record is longer than 1 MiB");
  const std::string_view before(buffer_.data() + begin_, from);
  next_line_ = line_ + static_cast<std::uint64_t>(std::ranges::count(before, '\n'));
  begin_ += from;
  do {
    const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
    if (const std::size_t lf = rest.find('\n'); lf != rest.npos) {
      begin_ += lf + 1;
      ++next_line_;
      return;
    }
    begin_ = end_;
  } while (fill());
}

RawRecord RecordReader::record_until(std::size_t end) {
  std::string_view bytes(buffer_.data() + begin_, end);
  next_line_ = line_ + static_cast<std::uint64_t>(std::ranges::count(bytes, '\n')) + 1;
  begin_ += std::min(end + 1, end_ - begin_);
  const bool crlf = bytes.ends_with('\r');
  if (crlf) bytes.remove_suffix(1);
  return {.bytes = bytes, .crlf = crlf, .line = line_, .cells = cells_};
}

}  // namespace muster::loader
