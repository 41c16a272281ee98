// The auth burst (protocol section 1.9): how often a user name may try to log in to a vault DNS
// within one minute. Slows down from half of the limit on, refuses at the limit.
//
//   auto burst = burst.count("nadia.brandt@example.com", "quality.example.com");
//
// All servers of one store count together. Thread-safe; what it is given outlives it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "directory/clock.h"
#include "directory/minute_counter.h"
#include "directory/secrets.h"
#include "directory/shared_counts.h"

namespace muster::directory {

class LoginBurst {
 public:
  struct Burst {
    int limit;              // tries per minute
    int remaining;          // left after this one
    std::int64_t delay_ms;  // how long to hold back the answer; 0 = not at all
  };

  // `tries_per_minute` 0: nothing is counted.
  LoginBurst(SharedCounts& shared, const Clock& clock, const Hasher& hasher, int tries_per_minute);

  // Counts one try. `vault_dns` is that of a vault, not what a client wrote: it could write another
  // one each time. Names and DNS are compared ignoring ASCII case. kApiLimitExceeded when the
  // minute's tries were used up before.
  [[nodiscard]] Result<Burst> count(std::string_view user_name, std::string_view vault_dns);

 private:
  [[nodiscard]] int count(const Digest& key);

  SharedCounts& shared_;
  const Hasher& hasher_;
  const int limit_;
  MinuteCounter used_;
};

}  // namespace muster::directory
