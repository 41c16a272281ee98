// CsvReader: in pieces as in whole, within its limits, and what was read can be written and read
// again. The first byte of the input chooses the cuts.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "check.h"
#include "codec/csv_reader.h"
#include "codec/csv_writer.h"
#include "codec/record_log.h"
#include "codec/utf8_gate.h"

namespace {

using muster::codec::CellKind;
using muster::codec::CsvReader;
using muster::codec::Reading;
using muster::fuzz::check;

// Records whose cells are all plain text, as CSV; false for the others.
bool write(const Reading& reading, std::string& body) {
  muster::codec::CsvWriter csv;
  for (const auto& name : reading.headers.at(0)) csv.cell("h" + name);
  csv.end_record();
  for (const auto& record : reading.records) {
    for (const auto& cell : record.cells) {
      if (cell.kind != CellKind::kText) return false;
      csv.cell(cell.text);
    }
    csv.end_record();
  }
  body = csv.take();
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Reading whole = muster::codec::read_whole<CsvReader>(body);
  const auto cuts = muster::fuzz::cuts(body.size(), data[0]);
  check(muster::codec::read_cut<CsvReader>(body, cuts) == whole, "pieces equal the whole");
  for (const auto& record : whole.records) {
    check(record.cells.size() <= whole.headers.at(0).size(), "no more cells than columns");
    for (const auto& cell : record.cells) {
      check(cell.text.size() <= muster::limits::kCellBytesMax, "cells within the limit");
      check(muster::codec::is_valid_utf8(cell.text), "cells are UTF-8");
    }
  }
  std::string written;
  if (whole.ok && write(whole, written)) {
    const Reading again = muster::codec::read_whole<CsvReader>(written);
    check(again.ok && again.rows() == whole.rows(), "written and read again");
  }
  return 0;
}
