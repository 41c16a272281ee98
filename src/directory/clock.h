// Port: time as a parameter, so that session limits and lockouts can be tested by moving it.
#pragma once

#include <chrono>

#include "base/time.h"

namespace muster::directory {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time in UTC: stamps of changes, audit rows, the absolute life of sessions.
  [[nodiscard]] virtual Timestamp now() const = 0;
  // Never jumps: idle time and rates. Its zero is arbitrary.
  [[nodiscard]] virtual std::chrono::milliseconds steady() const = 0;
};

}  // namespace muster::directory
