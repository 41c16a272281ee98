// The verdict on one record of a batch. A bad record is data, not an error of the request.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace muster::directory {

struct RecordOutcome {
  std::string id;             // as sent, trimmed; empty when the record had none
  std::vector<Error> errors;  // empty = success
  bool changed = false;       // false on success: the record asked for nothing new
  bool created = false;       // on success: the user did not exist before

  [[nodiscard]] bool succeeded() const { return errors.empty(); }
};

struct BatchOutcome {
  std::vector<RecordOutcome> records;  // in input order
};

}  // namespace muster::directory
