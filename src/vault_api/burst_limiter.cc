#include "vault_api/burst_limiter.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/limits.h"

namespace muster::vault_api {
namespace {

constexpr std::chrono::minutes kWindow{5};
constexpr std::chrono::seconds kPauseBetweenTelling{1};
constexpr std::int64_t kDelayMs = 500;  // of every call beyond the limit

}  // namespace

Burst BurstLimiter::full() const {
  const int limit = limit_ == 0 ? limits::kBurstLimitShown : limit_;
  return {.limit = limit, .remaining = limit, .delay_ms = 0};
}

Burst BurstLimiter::count(directory::VaultId vault, std::chrono::milliseconds now) {
  if (limit_ == 0) return full();
  Burst burst{.limit = limit_};
  int untold = 0;
  {
    const std::scoped_lock lock(mutex_);
    Window& window = windows_[vault];
    if (now >= window.ends) window = {.ends = now + kWindow};
    if (window.used >= limit_) burst.delay_ms = kDelayMs;
    window.used = std::min(window.used + 1, limit_);
    burst.remaining = limit_ - window.used;
    ++window.untold;
    if (now < window.tells) return burst;
    window.tells = now + kPauseBetweenTelling;
    untold = std::exchange(window.untold, 0);
  }
  tell(vault, untold);
  return burst;
}

void BurstLimiter::tell(directory::VaultId vault, int calls) {
  const std::string key = "calls " + to_string(vault);
  const auto everywhere =
      shared_.count_shared({.key = key, .by = calls, .window = std::chrono::minutes(kWindow)});
  if (!everywhere) return;
  const std::scoped_lock lock(mutex_);
  Window& window = windows_[vault];
  window.used = static_cast<int>(std::min<std::int64_t>(*everywhere + window.untold, limit_));
}

}  // namespace muster::vault_api
