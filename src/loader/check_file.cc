#include "loader/check_file.h"

#include <fmt/format.h>

#include <array>
#include <memory>

#include "codec/utf8_gate.h"
#include "loader/fingerprint.h"

namespace muster::loader {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  std::string_view what;
};

constexpr std::array kSignatures{
    Signature{"PK\x03\x04"sv,
              "this is an Excel workbook (.xlsx) or a zip archive; save it as \"CSV UTF-8\""},
    Signature{"\xD0\xCF\x11\xE0"sv,
              "this is an old Excel workbook (.xls); save it as \"CSV UTF-8\""},
    Signature{"\xFF\xFE"sv, "this is UTF-16 text; save it as \"CSV UTF-8\""},
    Signature{"\xFE\xFF"sv, "this is UTF-16 text; save it as \"CSV UTF-8\""},
    Signature{"\x1F\x8B"sv, "this is a gzip archive; unpack it first"},
    Signature{"%PDF-"sv, "this is a PDF document"},
};

// The separator that stands where commas should; empty when the header may be fine.
std::string_view other_separator(std::string_view header_line) {
  if (header_line.find(',') != header_line.npos) return {};
  if (header_line.find(';') != header_line.npos) return "semicolons";
  if (header_line.find('\t') != header_line.npos) return "tabs";
  return {};
}

void check_record(const RawRecord& record, const Columns& columns, ProblemList& problems) {
  const std::size_t good = codec::valid_utf8_prefix(record.bytes);
  if (good < record.bytes.size()) {
    const auto byte = static_cast<unsigned char>(record.bytes[good]);
    problems.add(problem_at(record, good, fmt::format("not UTF-8 (byte 0x{:02X})", byte)));
  }
  for (const std::size_t column : columns.untitled) {
    if (column >= record.cells.size() || is_empty_cell(record.cell(column))) continue;
    problems.add(problem_at(record, record.cells[column], "text below a column without a name"));
  }
}

}  // namespace

std::string what_instead_of_csv(std::string_view start) {
  for (const Signature& signature : kSignatures) {
    if (start.starts_with(signature.bytes)) return std::string(signature.what);
  }
  const std::string_view line = start.substr(0, start.find('\n'));
  if (const std::string_view separator = other_separator(line); !separator.empty()) {
    return fmt::format(
        "the columns are separated by {} instead of commas; save it as CSV with commas", separator);
  }
  const std::size_t cr = start.find('\r');
  if (start.find('\n') == start.npos && cr != start.npos && cr + 1 < start.size()) {
    return "the lines end with CR alone; save it with LF or CRLF";
  }
  return {};
}

Result<CheckedFile> check_file(const ByteSource& source, const HeaderRules& rules,
                               ProblemList& problems) {
  Fingerprint fingerprint;
  CheckedFile file;
  RecordReader reader(
      [&](std::span<char> into) {
        const auto got = source(into);
        if (got) fingerprint.add({into.data(), *got});
        if (got) file.bytes += *got;
        return got;
      },
      &problems);
  bool header = true;
  while (const auto record = reader.next()) {
    if (header) file.columns = read_header(*record, rules, problems);
    if (!header) ++file.records;
    header = false;
    check_record(*record, file.columns, problems);
  }
  if (reader.read_error()) return std::unexpected(*reader.read_error());
  if (header && problems.empty()) problems.add({0, 0, "the file is empty"});
  file.byte_order_mark = reader.had_byte_order_mark();
  file.fingerprint = fingerprint.text();
  return file;
}

}  // namespace muster::loader
