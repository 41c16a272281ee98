// How many lines of one kind may go into the log: a few at once and a few a second. For lines that
// strangers cause.
//
//   if (const auto suppressed = throttle.admit("Header value too long", now)) {
//     if (*suppressed > 0) ... say how many lines were left out since the last one
//     ... write the line
//   }
//
// Kinds come from a fixed set of the program. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace muster::log {

class Throttle {
 public:
  // Nothing: the line is left out and counted. Else how many were since the last that was not.
  // `now` is steady time.
  [[nodiscard]] std::optional<std::uint64_t> admit(std::string_view kind,
                                                   std::chrono::milliseconds now);

 private:
  struct Bucket {
    double tokens;
    std::chrono::milliseconds filled_at;
    std::uint64_t suppressed = 0;
  };

  std::mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace muster::log
