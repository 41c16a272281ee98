// The least byte rate of a peer, judged in windows: each must bring its share of bytes, and what
// came fast before earns nothing for later.
//
//   MinimumRate rate(500, 20'000);
//   read until rate.deadline(); rate.count(bytes);
//
// Belongs to one connection.
#pragma once

#include <cstdint>

#include "http/io.h"

namespace muster::http {

class MinimumRate {
 public:
  MinimumRate(std::int64_t bytes_per_second, std::int64_t window_ms)
      : window_ms_(window_ms), window_bytes_(bytes_per_second * window_ms / 1000) {}

  void count(std::size_t bytes) { bytes_ += static_cast<std::int64_t>(bytes); }

  // Until when the next byte must have come: the end of the window that runs. A window ends early
  // when its bytes are complete, so a peer above the rate may always pause for window_ms.
  [[nodiscard]] TimePoint deadline() {
    if (bytes_ >= window_bytes_) {
      bytes_ = 0;
      end_ = after_ms(window_ms_);
    }
    return end_;
  }

 private:
  std::int64_t window_ms_;
  std::int64_t window_bytes_;
  std::int64_t bytes_ = 0;
  TimePoint end_ = after_ms(window_ms_);
};

}  // namespace muster::http
