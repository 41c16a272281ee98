// What a run measured, as the JSON members every benchmark program prints.
#pragma once

#include <string>
#include <vector>

namespace muster::bench {

// One answered request or finished transaction.
struct Sample {
  double at_s = 0;  // when it ended, from the start of the run
  double ms = 0;    // how long it took
};

// "count":..,"per_s":..,"p50_ms":..,"p90_ms":..,"p99_ms":..,"max_ms":.. of at least one sample
// in `seconds`. Throws std::runtime_error when there is none: no figures from nothing.
[[nodiscard]] std::string members(const std::vector<Sample>& samples, double seconds);

// The sum of all, for anchors that are timed without the making of their input.
[[nodiscard]] double busy_seconds(const std::vector<Sample>& samples);

// One line a sample: at_s and ms.
void write_log(const std::string& path, const std::vector<Sample>& samples);

}  // namespace muster::bench
