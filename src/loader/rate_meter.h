// How fast a load goes: over all and over the last seconds. Time is a parameter.
//
//   RateMeter rate(done, now);
//   rate.sample(done, now);          // now and then, at most every few milliseconds
//
// Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace muster::loader {

class RateMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `done`: records of an earlier run, which took no time of this one.
  RateMeter(std::uint64_t done, Time now);

  void sample(std::uint64_t done, Time now);

  // Records a second; 0 before the first second has passed in part.
  [[nodiscard]] double overall() const;
  [[nodiscard]] double recent() const;  // over the last kRecentMs

 private:
  struct Sample {
    std::uint64_t done;
    Time at;
  };
  [[nodiscard]] static double between(const Sample& from, const Sample& to);

  Sample first_;
  std::deque<Sample> samples_;  // the first one is the youngest that is kRecentMs old
};

}  // namespace muster::loader
