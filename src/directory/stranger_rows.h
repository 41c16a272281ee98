// How many rows of the login audit trail unknown user names leave: anybody may try any number of
// names, and each row is a durable write. Of one address and one minute the first
// limits::kStrangerRowsPerMinute are listed, one more says that the others are not.
//
// Thread-safe; cheap. Clock and hasher outlive it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/limits.h"
#include "directory/clock.h"
#include "directory/minute_counter.h"
#include "directory/secrets.h"

namespace muster::directory {

enum class StrangerRow : std::uint8_t { kListed, kLast, kNone };

class StrangerRows {
 public:
  StrangerRows(const Clock& clock, const Hasher& hasher) : hasher_(hasher), tries_(clock) {}

  // What the next try of that address leaves.
  [[nodiscard]] StrangerRow next(std::string_view source_ip) {
    const int tries = tries_.count(hasher_.sha256(source_ip), limits::kStrangerRowsPerMinute + 1);
    if (tries <= limits::kStrangerRowsPerMinute) return StrangerRow::kListed;
    return tries == limits::kStrangerRowsPerMinute + 1 ? StrangerRow::kLast : StrangerRow::kNone;
  }

 private:
  const Hasher& hasher_;
  MinuteCounter tries_;
};

}  // namespace muster::directory
