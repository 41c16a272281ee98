#include "directory/minute_counter.h"

#include <algorithm>
#include <chrono>

#include "base/limits.h"

namespace muster::directory {

int MinuteCounter::count(const Digest& key, int max) {
  const std::int64_t window = std::chrono::floor<std::chrono::minutes>(clock_.steady()).count();
  const std::lock_guard lock(mutex_);
  if (window != window_) {
    window_ = window;
    used_.clear();
    order_.clear();
  }
  const auto [entry, is_new] = used_.try_emplace(key, 0);
  // Beyond the limit it stands still: an endless flood must not overflow it.
  const int uses = entry->second = std::min(entry->second, max) + 1;
  if (is_new) {
    order_.push_back(key);
    if (order_.size() > limits::kLoginNamesMax) {
      used_.erase(order_.front());
      order_.pop_front();
    }
  }
  return uses;
}

}  // namespace muster::directory
