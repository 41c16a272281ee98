// Decides whether something that failed is tried again, and waits until then: longer each time
// (backoff.h), not for ever, and not when the person at the terminal wants to stop.
//
//   Patience patience(retry_for, stop);
//   for (;;) { auto done = attempt(); if (done) return done;
//              if (auto on = patience.wait(done.error()); !on || !*on) ... }
//
// Not thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "base/result.h"
#include "loader/backoff.h"

namespace muster::loader {

class Patience {
 public:
  // `retry_for`: how long after the first failure to go on trying.
  Patience(std::chrono::seconds retry_for, std::stop_token stop);

  // Waits. True: try again; false: stop was asked for. The error itself when it will not pass
  // (anything but kUnexpectedError) or it has lasted for too long.
  [[nodiscard]] Result<bool> wait(const Error& error);

 private:
  std::chrono::seconds retry_for_;
  std::stop_token stop_;
  Backoff backoff_;
  std::optional<std::chrono::steady_clock::time_point> first_failure_;
};

}  // namespace muster::loader
