#include "directory/login_burst.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/hex.h"
#include "base/limits.h"
#include "base/text.h"

namespace muster::directory {

LoginBurst::LoginBurst(SharedCounts& shared, const Clock& clock, const Hasher& hasher,
                       int tries_per_minute)
    : shared_(shared), hasher_(hasher), limit_(tries_per_minute), used_(clock) {}

int LoginBurst::count(const Digest& key) {
  const int here = used_.count(key, limit_);
  const auto everywhere =
      shared_.count_shared({.key = "login " + hex_lower(key), .window = std::chrono::minutes(1)});
  return everywhere ? static_cast<int>(std::min<std::int64_t>(*everywhere, limit_ + 1)) : here;
}

Result<LoginBurst::Burst> LoginBurst::count(std::string_view user_name,
                                            std::string_view vault_dns) {
  if (limit_ == 0) return Burst{limits::kBurstLimitShown, limits::kBurstLimitShown, 0};
  // A digest, so that a name of any length costs the table the same. No name and no DNS contains
  // a line feed, so the two cannot be mixed up.
  const Digest key = hasher_.sha256(ascii_lower(user_name) + '\n' + ascii_lower(vault_dns));
  const int uses = count(key);
  if (uses > limit_) {
    return fail(ErrorType::kApiLimitExceeded,
                "Too many logins of this user within one minute. Try again in the next minute.");
  }
  const bool slow = (uses - 1) * 2 >= limit_;
  return Burst{limit_, limit_ - uses, slow ? limits::kLoginDelayMs : 0};
}

}  // namespace muster::directory
