// How long to wait before something is tried again: twice as long each time, up to a limit, less a
// random part so that those who failed together do not come back together.
//
//   Backoff backoff(seed);
//   wait(backoff.next());
//
// Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace muster::loader {

class Backoff {
 public:
  explicit Backoff(std::uint32_t seed) : random_(seed) {}

  // Between a half and the whole of kRetryFirstMs, 2 * kRetryFirstMs, ... kRetryMaxMs.
  [[nodiscard]] std::chrono::milliseconds next();

 private:
  std::minstd_rand random_;
  unsigned tries_ = 0;
};

}  // namespace muster::loader
