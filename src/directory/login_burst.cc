#include "directory/login_burst.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/limits.h"
#include "base/text.h"

namespace muster::directory {

LoginBurst::LoginBurst(const Clock& clock, const Hasher& hasher, int tries_per_minute)
    : clock_(clock), hasher_(hasher), limit_(tries_per_minute) {}

Result<LoginBurst::Burst> LoginBurst::count(std::string_view user_name,
                                            std::string_view vault_dns) {
  if (limit_ == 0) return Burst{limits::kBurstLimitShown, limits::kBurstLimitShown, 0};
  // A digest, so that a name of any length costs the table the same. No name and no DNS contains
  // a line feed, so the two cannot be mixed up.
  const Digest key = hasher_.sha256(ascii_lower(user_name) + '\n' + ascii_lower(vault_dns));
  const int uses = next_use(key);
  if (uses > limit_) {
    return fail(ErrorType::kApiLimitExceeded,
                "Too many logins of this user within one minute. Try again in the next minute.");
  }
  const bool slow = (uses - 1) * 2 >= limit_;
  return Burst{limit_, limit_ - uses, slow ? limits::kLoginDelayMs : 0};
}

int LoginBurst::next_use(const Digest& key) {
  const std::int64_t window = std::chrono::floor<std::chrono::minutes>(clock_.steady()).count();
  const std::lock_guard lock(mutex_);
  if (window != window_) {
    window_ = window;
    used_.clear();
    order_.clear();
  }
  const auto [entry, is_new] = used_.try_emplace(key, 0);
  // Beyond the limit it stands still: an endless flood must not overflow it.
  const int uses = entry->second = std::min(entry->second, limit_) + 1;
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
