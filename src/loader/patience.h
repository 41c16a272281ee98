// Decides whether something that failed is tried again, and waits until then: longer each time
// (backoff.h), not for ever, and not when the person at the terminal wants to stop.
//
//   auto done = persist(Patience(retry_for, stop), [&] { return attempt(); });
//
// Not thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

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

// Calls `attempt`, which gives a Result<T>, until it succeeds: Result<std::optional<T>>. nullopt
// when stop was asked for, the last error when there is no patience left.
template <typename Attempt>
auto persist(Patience patience, Attempt attempt)
    -> Result<std::optional<typename std::invoke_result_t<Attempt>::value_type>> {
  for (;;) {
    auto done = attempt();
    if (done) return std::optional(std::move(*done));
    const auto again = patience.wait(done.error());
    if (!again) return std::unexpected(again.error());
    if (!*again) return std::nullopt;
  }
}

}  // namespace muster::loader
