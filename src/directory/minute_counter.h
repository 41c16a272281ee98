// How often something happened within the current minute, by key: what limits by the minute are
// made of.
//
//   if (counter.count(key, 20) > 20) refuse();
//
// Fixed windows of one minute of the steady clock. Memory is bounded: beyond
// limits::kLoginNamesMax keys of one minute the earliest is forgotten.
// Thread-safe; cheap. The clock outlives it.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "directory/clock.h"
#include "directory/secrets.h"

namespace muster::directory {

class MinuteCounter {
 public:
  explicit MinuteCounter(const Clock& clock) : clock_(clock) {}

  // Counts once more and says how often that makes: 1 for the first time of this minute, and never
  // more than `max` + 1. A digest as the key, so that a text of any length costs the same.
  [[nodiscard]] int count(const Digest& key, int max);

 private:
  const Clock& clock_;

  std::mutex mutex_;
  std::int64_t window_ = -1;  // minute of the steady clock that `used_` counts
  std::unordered_map<Digest, int, DigestHash> used_;
  std::deque<Digest> order_;  // keys of used_, earliest first
};

}  // namespace muster::directory
