// The burst limit of a vault (protocol section 1.9): a fixed window of five minutes; calls
// beyond the limit are never refused, only held back.
//
//   BurstLimiter limiter(2000);
//   Burst burst = limiter.count(vault, clock.steady());
//
// Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>

#include "directory/ids.h"

namespace muster::vault_api {

// What the burst headers of an answer say.
struct Burst {
  int limit = 0;
  int remaining = 0;
  std::int64_t delay_ms = 0;
};

class BurstLimiter {
 public:
  // limit 0: no call is ever delayed; the headers still carry the vendor's 2000, since clients
  // read them as integers.
  explicit BurstLimiter(int limit) : limit_(limit) {}

  // Counts one call in `vault`.
  [[nodiscard]] Burst count(directory::VaultId vault, std::chrono::milliseconds now);

  // For calls outside any vault.
  [[nodiscard]] Burst full() const;

 private:
  struct Window {
    std::chrono::milliseconds ends{0};
    int used = 0;
  };

  const int limit_;
  std::mutex mutex_;
  std::map<directory::VaultId, Window> windows_;  // as many as vaults that were called
};

}  // namespace muster::vault_api
