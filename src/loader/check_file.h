// The check before the first byte is sent: what the file is, its header, its encoding, the syntax
// of every record. All problems, each with its place.
//
//   ProblemList problems;
//   const auto checked = check_file(input, rules, problems);
//
// Pure but for the reading of the source.
#pragma once

#include <cstdint>
#include <string>

#include "loader/columns.h"
#include "loader/problem.h"
#include "loader/record_reader.h"

namespace muster::loader {

struct CheckedFile {
  Columns columns;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::string fingerprint;  // of all bytes: a file with another one is another file
  bool byte_order_mark = false;
};

// "an Excel workbook", with what to do about it; empty when the file may be CSV. `start`: its first
// bytes, a few kilobytes of them.
[[nodiscard]] std::string what_instead_of_csv(std::string_view start);

// kUnexpectedError when the file cannot be read; everything else becomes a problem.
[[nodiscard]] Result<CheckedFile> check_file(const ByteSource& source, const HeaderRules& rules,
                                             ProblemList& problems);

}  // namespace muster::loader
