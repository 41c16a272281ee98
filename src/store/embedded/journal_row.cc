#include "store/embedded/journal_row.h"

#include <array>

#include "store/embedded/checksum.h"
#include "store/embedded/row_text.h"

namespace muster::store {

std::int64_t journal_checksum(std::int64_t previous, const JournalRow& row) {
  const std::array<std::int64_t, 4> numbers{static_cast<std::int64_t>(row.sequence),
                                            milliseconds(row.at), row.domain_rows,
                                            row.domain_first};
  return checksum(row.secret, checksum(row.record, checksum(numbers, previous)));
}

}  // namespace muster::store
