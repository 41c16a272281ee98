// Where a load stands before it sends: its state file and its outputs, new or, with --resume, those
// of the run that was cut off, cut back to what is certain.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "loader/check_file.h"
#include "loader/load.h"
#include "loader/load_state.h"
#include "loader/outcome_log.h"

namespace muster::loader {

struct LoadPlace {
  std::string load_id;             // of the idempotency keys
  std::optional<LoadState> state;  // none for a dry run
  OutcomeFiles files;
  BatchMark mark;  // what is done
};

// kInvalidData when a file cannot be opened or the state is that of another load.
[[nodiscard]] Result<LoadPlace> find_place(const LoadOptions& options, const CheckedFile& input);

}  // namespace muster::loader
