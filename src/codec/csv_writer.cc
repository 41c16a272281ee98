#include "codec/csv_writer.h"

#include "base/assert.h"

namespace muster::codec {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Blanks at the ends are quoted for the readers that trim; "null" because unquoted it means none.
bool needs_quotes(std::string_view text) {
  if (text.empty()) return false;
  return is_blank(text.front()) || is_blank(text.back()) || text == "null" ||
         text.find_first_of(",\"\r\n") != std::string_view::npos;
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    out.push_back(c);
    if (c == '"' || c == '\\') out.push_back(c);
  }
}

}  // namespace

void CsvWriter::separate() {
  if (cells_++ > 0) out_.push_back(',');
}

void CsvWriter::cell(std::string_view text) {
  separate();
  if (needs_quotes(text)) {
    out_.push_back('"');
    append_escaped(out_, text);
    out_.push_back('"');
  } else if (text.find('\\') != std::string_view::npos) {
    append_escaped(out_, text);
  } else {
    out_.append(text);
  }
}

void CsvWriter::flat_cell(std::string_view text) {
  if (text.find_first_of("\r\n") == std::string_view::npos) return cell(text);
  std::string flat;
  flat.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    flat.push_back(text[i] == '\r' || text[i] == '\n' ? ' ' : text[i]);
  }
  cell(flat);
}

void CsvWriter::end_record() {
  // A record of one empty cell would be an empty line, and those are skipped.
  if (cells_ == 1 && out_.size() == record_begin_) out_.append("\"\"");
  out_.push_back('\n');
  cells_ = 0;
  record_begin_ = out_.size();
}

std::string CsvWriter::take() {
  MUSTER_ASSERT(cells_ == 0);
  record_begin_ = 0;
  return std::exchange(out_, {});
}

}  // namespace muster::codec
