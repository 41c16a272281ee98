// The verdict on one record of a batch. A bad record is data, not an error of the request.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "directory/audit.h"

namespace muster::directory {

struct RecordOutcome {
  std::string id;             // as sent, trimmed; empty when the record had none
  std::vector<Error> errors;  // empty = success
  bool changed = false;       // false on success: the record asked for nothing new
  bool created = false;       // on success: the user did not exist before
  // On success of a dry run: what the audit trail would say of it.
  std::vector<DomainAuditRow::Change> changes = {};

  [[nodiscard]] bool succeeded() const { return errors.empty(); }
};

struct BatchOutcome {
  std::vector<RecordOutcome> records;  // in input order
  bool dry_run = false;
  // Of an atomic batch with a failing record: nothing was written.
  bool refused = false;
};

}  // namespace muster::directory
