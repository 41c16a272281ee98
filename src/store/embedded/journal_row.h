// A row of the journal table. The texts live as long as the statement stands on it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "store/changes.h"

namespace muster::store {

struct JournalRow {
  Sequence sequence = 0;
  Timestamp at{};
  std::int64_t domain_rows = 0;   // rows of the domain audit trail in `record`
  std::int64_t domain_first = 0;  // id of the first of them
  std::string_view record;
  std::string_view secret;
};

// Covers the whole row; `previous` is that of the row before.
[[nodiscard]] std::int64_t journal_checksum(std::int64_t previous, const JournalRow& row);

}  // namespace muster::store
