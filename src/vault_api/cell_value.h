// What a cell of a body is to the plan: the readers' kinds in the words of the directory.
// Pure function, safe from any thread.
#pragma once

#include "codec/record.h"
#include "directory/batch_plan.h"

namespace muster::vault_api {

[[nodiscard]] inline directory::ValueKind value_kind(codec::CellKind kind) {
  using directory::ValueKind;
  switch (kind) {
    case codec::CellKind::kText:
      return ValueKind::kText;
    case codec::CellKind::kBoolean:
      return ValueKind::kBoolean;
    case codec::CellKind::kNull:
      return ValueKind::kNull;
    case codec::CellKind::kNested:
      return ValueKind::kNested;
    case codec::CellKind::kTooLong:
      return ValueKind::kTooLong;
    case codec::CellKind::kLoneCr:
      break;
  }
  return ValueKind::kBadText;
}

}  // namespace muster::vault_api
