// Writes CSV in the dialect that CsvReader reads: LF line ends, quotes only where needed,
// backslashes doubled. What it writes reads back as the same text (a CR excepted: the dialect has
// none inside a value).
//
//   CsvWriter csv;
//   csv.cell("id"); csv.cell("errors"); csv.end_record();
//   response.body = csv.take();
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace muster::codec {

class CsvWriter {
 public:
  void cell(std::string_view text);
  // The same with every line end (CRLF, LF, CR) as one blank: for answers that promise one line a
  // record.
  void flat_cell(std::string_view text);
  void end_record();

  // What was written since the last take(). REQUIRES: no record is open.
  [[nodiscard]] std::string take();
  [[nodiscard]] std::size_t size() const { return out_.size(); }

 private:
  void separate();

  std::string out_;
  std::size_t record_begin_ = 0;
  std::size_t cells_ = 0;
};

}  // namespace muster::codec
