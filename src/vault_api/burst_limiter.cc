#include "vault_api/burst_limiter.h"

#include <algorithm>

#include "base/limits.h"

namespace muster::vault_api {
namespace {

constexpr std::chrono::minutes kWindow{5};
constexpr std::int64_t kDelayMs = 500;  // of every call beyond the limit

}  // namespace

Burst BurstLimiter::full() const {
  const int limit = limit_ == 0 ? limits::kBurstLimitShown : limit_;
  return {.limit = limit, .remaining = limit, .delay_ms = 0};
}

Burst BurstLimiter::count(directory::VaultId vault, std::chrono::milliseconds now) {
  if (limit_ == 0) return full();
  const std::scoped_lock lock(mutex_);
  Window& window = windows_[vault];
  if (now >= window.ends) window = {.ends = now + kWindow, .used = 0};
  const bool over = window.used >= limit_;
  window.used = std::min(window.used + 1, limit_);
  return {.limit = limit_, .remaining = limit_ - window.used, .delay_ms = over ? kDelayMs : 0};
}

}  // namespace muster::vault_api
