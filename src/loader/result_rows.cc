#include "loader/result_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "codec/csv_writer.h"

namespace muster::loader {
namespace {

// "TYPE|message" in double quotes, joined with commas: the cell of the API's own CSV answers.
std::string errors_cell(const std::vector<ApiError>& errors) {
  std::string cell;
  for (const ApiError& error : errors) {
    if (!cell.empty()) cell += ',';
    cell += '"' + error.type + '|';
    for (const char c : error.message) {
      if (c == '"') cell += '"';
      cell += c;
    }
    cell += '"';
  }
  return cell;
}

template <typename Member>
std::string joined(const std::vector<ApiError>& errors, Member member) {
  std::string text;
  for (const ApiError& error : errors) {
    if (!text.empty()) text += "; ";
    text += error.*member;
  }
  return text;
}

}  // namespace

std::string results_header() { return "responseStatus,id,errors,rowId\n"; }

std::string results_rows(const Batch& batch, const std::vector<RecordAnswer>& records) {
  codec::CsvWriter csv;
  for (std::size_t i = 0; i < records.size(); ++i) {
    csv.cell(records[i].succeeded ? "SUCCESS" : "FAILURE");
    csv.flat_cell(records[i].id);
    csv.flat_cell(errors_cell(records[i].errors));
    csv.cell(std::to_string(batch.first_row() + i));
    csv.end_record();
  }
  return csv.take();
}

std::string failed_header(const Columns& columns, bool mark) {
  return fmt::format("{}{},{},{},{}\n", mark ? "\xEF\xBB\xBF" : "", columns.header,
                     kErrorTypeColumn, kErrorMessageColumn, kCellsColumn);
}

std::string failed_rows(const Batch& batch, const std::vector<RecordAnswer>& records,
                        std::size_t columns) {
  std::string text;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].succeeded) continue;
    text += batch.row(i);
    const std::size_t cells = batch.cells_of(i);
    const bool shorter = cells < columns;
    text.append(shorter ? columns - cells : 0, ',');
    codec::CsvWriter errors;
    errors.flat_cell(joined(records[i].errors, &ApiError::type));
    errors.flat_cell(joined(records[i].errors, &ApiError::message));
    errors.cell(shorter ? std::to_string(cells) : std::string());
    errors.end_record();
    text += ',' + errors.take();
  }
  return text;
}

}  // namespace muster::loader
