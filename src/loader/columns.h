// The header of a file: which columns are the input's own, which were appended by an earlier load
// (--failed) and are not sent.
//
//   const Columns columns = read_header(*reader.next(), rules, problems);
//   body += own_row(record, columns).text;
//
// Pure functions, safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loader/record_reader.h"

namespace muster::loader {

enum class Operation : std::uint8_t { kUpdate, kCreate, kUpsert };

// What the server says about columns, and what the operation needs.
struct HeaderRules {
  Operation operation = Operation::kUpdate;
  std::string id_param{};                   // upsert: the column that finds a user
  std::vector<std::string> known_fields{};  // of GET /metadata/objects/users
};

// Appended to failed rows. `muster_cells` holds the number of cells of a row that was shorter than
// the header: left out is not the same as empty.
inline constexpr std::string_view kErrorTypeColumn = "muster_error_type";
inline constexpr std::string_view kErrorMessageColumn = "muster_error_message";
inline constexpr std::string_view kCellsColumn = "muster_cells";

struct Columns {
  std::string header;                 // of the own columns, as it stands in the file
  std::size_t own = 0;                // how many there are
  std::size_t appended = 0;           // error columns behind them
  bool cells_column = false;          // the last appended one is kCellsColumn
  std::vector<std::size_t> untitled;  // own ones without a name: their cells must be empty
};

// Adds what is wrong with the header to `problems`: a name that no field has or that comes twice,
// a column that the operation needs and that is missing, an error column before an own one.
[[nodiscard]] Columns read_header(const RawRecord& header, const HeaderRules& rules,
                                  ProblemList& problems);

// A row without error columns, as it stands in the file. Lives as long as the record.
struct OwnRow {
  std::string_view text;
  std::size_t cells = 0;
};
[[nodiscard]] OwnRow own_row(const RawRecord& record, const Columns& columns);

// Whether the cell is empty, with or without quotes.
[[nodiscard]] bool is_empty_cell(std::string_view cell);

}  // namespace muster::loader
