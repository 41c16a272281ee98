#include "directory/login_burst.h"

#include <string>

#include "base/limits.h"
#include "base/text.h"

namespace muster::directory {

LoginBurst::LoginBurst(const Clock& clock, const Hasher& hasher, int tries_per_minute)
    : hasher_(hasher), limit_(tries_per_minute), used_(clock) {}

Result<LoginBurst::Burst> LoginBurst::count(std::string_view user_name,
                                            std::string_view vault_dns) {
  if (limit_ == 0) return Burst{limits::kBurstLimitShown, limits::kBurstLimitShown, 0};
  // A digest, so that a name of any length costs the table the same. No name and no DNS contains
  // a line feed, so the two cannot be mixed up.
  const Digest key = hasher_.sha256(ascii_lower(user_name) + '\n' + ascii_lower(vault_dns));
  const int uses = used_.count(key, limit_);
  if (uses > limit_) {
    return fail(ErrorType::kApiLimitExceeded,
                "Too many logins of this user within one minute. Try again in the next minute.");
  }
  const bool slow = (uses - 1) * 2 >= limit_;
  return Burst{limit_, limit_ - uses, slow ? limits::kLoginDelayMs : 0};
}

}  // namespace muster::directory
