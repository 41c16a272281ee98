// Keeps what a batch says about its errors within limits::kBatchErrorBytesMax: a body of many small
// mistakes must not become an answer of many times its size.
//
//   ErrorBudget budget;
//   budget.add(std::move(error), record.errors);
//
// One per batch; not thread-safe.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace muster::directory {

class ErrorBudget {
 public:
  // Adds the error to those of its record. Once the budget is used up, a record keeps the type of
  // its first error only.
  void add(Error error, std::vector<Error>& errors) {
    if (used_ < limits::kBatchErrorBytesMax) {
      used_ += sizeof error + error.message.size();
      errors.push_back(std::move(error));
    } else if (errors.empty()) {
      errors.push_back({error.type, "Not told here: the request has too many errors."});
    }
  }

 private:
  std::size_t used_ = 0;
};

}  // namespace muster::directory
