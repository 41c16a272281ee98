#include "base/log_throttle.h"

#include <algorithm>
#include <utility>

namespace muster::log {
namespace {

constexpr double kLinesPerSecond = 10;
constexpr double kLinesAtOnce = 20;

}  // namespace

std::optional<std::uint64_t> Throttle::admit(std::string_view kind, std::chrono::milliseconds now) {
  const std::scoped_lock lock(mutex_);
  auto found = buckets_.find(kind);
  if (found == buckets_.end()) {
    found = buckets_.emplace(kind, Bucket{.tokens = kLinesAtOnce, .filled_at = now}).first;
  }
  Bucket& bucket = found->second;
  const std::chrono::duration<double> passed = now - bucket.filled_at;
  bucket.tokens = std::min(kLinesAtOnce, bucket.tokens + passed.count() * kLinesPerSecond);
  bucket.filled_at = now;
  if (bucket.tokens < 1) {
    ++bucket.suppressed;
    return std::nullopt;
  }
  bucket.tokens -= 1;
  return std::exchange(bucket.suppressed, 0);
}

}  // namespace muster::log
