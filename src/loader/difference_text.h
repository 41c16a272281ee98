// What a dry run prints: a record a paragraph, the fields that would change with both values.
// Pure functions, safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "loader/api_answer.h"
#include "loader/batch.h"

namespace muster::loader {

// Records that would not change are left out.
//
//   row 2, id 25003
//     user_title__v: "Analyst" -> "Director"
//   row 7, id 25999: would fail
//     INVALID_DATA: User [25999] does not exist.
[[nodiscard]] std::string difference_text(const Batch& batch,
                                          const std::vector<RecordAnswer>& records);

}  // namespace muster::loader
