// The computer's clocks behind directory::Clock. Thread-safe.
#pragma once

#include "directory/clock.h"

namespace muster::system {

class SystemClock final : public directory::Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
  [[nodiscard]] std::chrono::milliseconds steady() const override;
};

}  // namespace muster::system
