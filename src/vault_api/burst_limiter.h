// The burst limit of a vault (protocol section 1.9): a fixed window of five minutes; calls
// beyond the limit are never refused, only held back.
//
//   BurstLimiter limiter(2000, store);
//   Burst burst = limiter.count(vault, clock.steady());
//
// All servers of one store count together: once a second a call of each vault tells what was
// counted here and learns what all have, so a limit is passed by what they serve within that
// second.
//
// Thread-safe; what it shares by outlives it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>

#include "directory/ids.h"
#include "directory/shared_counts.h"

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
  BurstLimiter(int limit, directory::SharedCounts& shared) : limit_(limit), shared_(shared) {}

  // Counts one call in `vault`.
  [[nodiscard]] Burst count(directory::VaultId vault, std::chrono::milliseconds now);

  // For calls outside any vault.
  [[nodiscard]] Burst full() const;

 private:
  struct Window {
    std::chrono::milliseconds ends{0};
    int used = 0;
    int untold = 0;  // of them, to the others
    std::chrono::milliseconds tells{0};
  };

  void tell(directory::VaultId vault, int calls);

  const int limit_;
  directory::SharedCounts& shared_;
  std::mutex mutex_;
  std::map<directory::VaultId, Window> windows_;  // as many as vaults that were called
};

}  // namespace muster::vault_api
