// Reads journal records back: into the directory (redo) and into rows of the audit trail.
//
//   JournalReplay replay;
//   replay.apply(row, state);
//
// One thread. Errors: kUnexpectedError saying where the file is damaged.
#pragma once

#include <simdjson.h>

#include <vector>

#include "base/result.h"
#include "directory/audit.h"
#include "store/embedded/journal_row.h"
#include "store/embedded/recovered_state.h"

namespace muster::store {

class JournalReplay {
 public:
  [[nodiscard]] Result<void> apply(const JournalRow& row, RecoveredState& state);
  // All audit rows of the record, oldest (first of the batch) first.
  [[nodiscard]] Result<std::vector<directory::DomainAuditRow>> audit_rows(const JournalRow& row);

 private:
  Result<void> apply_secret(simdjson::dom::element secret, RecoveredState& state);

  simdjson::dom::parser record_parser_;
  simdjson::dom::parser secret_parser_;
};

}  // namespace muster::store
