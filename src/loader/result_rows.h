// The rows of --results and --failed. Pure functions, safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "loader/api_answer.h"
#include "loader/batch.h"
#include "loader/columns.h"

namespace muster::loader {

// responseStatus,id,errors,rowId: one line a record (protocol 5.8). Row ids count from 1.
[[nodiscard]] std::string results_header();
[[nodiscard]] std::string results_rows(const Batch& batch,
                                       const std::vector<RecordAnswer>& records);

// The input's own columns and the error columns. `mark`: with a byte order mark, as the input had
// one (Excel needs it).
[[nodiscard]] std::string failed_header(const Columns& columns, bool mark);
// The rows of the records that failed, as they stand in the input, and their errors.
[[nodiscard]] std::string failed_rows(const Batch& batch, const std::vector<RecordAnswer>& records,
                                      std::size_t columns);

}  // namespace muster::loader
