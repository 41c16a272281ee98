// Login and sessions (protocol section 4): password check with lockout, choice of vault,
// session id to Caller, keep-alive, end. Time comes from Clock, so tests move it.
//
//   auto answer = sessions.log_in(request);                 // on the password pool
//   auto caller = sessions.authenticate(authorization);     // per request, on any thread
//
// Thread-safe. log_in() hashes a password: call it on the bounded password pool only. log_in(),
// log_in_as_delegate(), end(), flush_activity() and sweep() wait for the store's disk; the others
// never do. Store, clock and the other ports outlive the service and every Caller it gave out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "directory/caller.h"
#include "directory/clock.h"
#include "directory/login.h"
#include "directory/login_burst.h"
#include "directory/secrets.h"
#include "directory/session_activity.h"
#include "directory/store.h"

namespace muster::directory {

struct SessionLimits {
  std::int64_t idle_ms = limits::kSessionIdleMsDefault;
  std::int64_t life_ms = limits::kSessionLifeMsMax;
  int logins_per_minute = limits::kLoginsPerMinute;  // 0 = no limit
};

class SessionService {
 public:
  using Burst = LoginBurst::Burst;

  SessionService(Store& store, const Clock& clock, const PasswordHasher& passwords,
                 const Hasher& hasher, RandomSource& random, SessionLimits limits);

  // The auth burst (1.9): counts a login try of this name at the vault of that DNS; a DNS of no
  // vault counts as none. Cheap, on any thread, before the password is looked at. kApiLimitExceeded
  // at the limit.
  [[nodiscard]] Result<Burst> count_login(std::string_view user_name, std::string_view vault_dns);
  // Login tries per name, vault DNS and minute; 0 = no limit.
  [[nodiscard]] int login_limit() const { return limits_.logins_per_minute; }

  // Login. Errors as in 4.3: kParameterRequired, kNoPasswordProvided,
  // kUsernameOrPasswordIncorrect, kUserLockedOut, kInactiveUser, kPasswordChangeRequired;
  // kUnexpectedError when the store fails. Every outcome leaves a row in the login audit trail, but
  // for tries without a name or a password and those of too many unknown names (stranger_rows.h):
  // nobody fills the disk without a password to try.
  [[nodiscard]] Result<LoginAnswer> log_in(const LoginRequest& request);

  // The caller behind an Authorization header value ("{id}" or "Bearer {id}"); its execution_id
  // is left empty. The idle clock stands still until the last copy of the caller is gone.
  // kInvalidSessionId when missing, malformed, unknown, idle too long or older than 48 hours,
  // or when the account was disabled since. Cheap; on any thread.
  [[nodiscard]] Result<Caller> authenticate(std::string_view authorization);

  // Delegation (4.8): the grants by which the caller may act for others, and the beginning of a
  // session in which it does; gives its session id. Errors: kOperationNotAllowed in a delegated
  // session, kInsufficientAccess without a grant whose delegator may enter that vault now.
  [[nodiscard]] Result<std::vector<Delegation>> delegations_of(const Caller& caller);
  [[nodiscard]] Result<std::string> log_in_as_delegate(const Caller& caller, VaultId vault,
                                                       UserId delegator,
                                                       std::string_view source_ip);

  // Restarts the idle clock (keep-alive). The end of a request does it by itself.
  void touch(const Caller& caller);

  // Ends this session only.
  [[nodiscard]] Result<void> end(const Caller& caller, std::string_view source_ip);

  // Called by app about once a minute, off the request threads. The first stores the last
  // activity of sessions in use, so that it survives a restart; the second ends expired sessions
  // with a "Session Expired" row each.
  [[nodiscard]] Result<void> flush_activity();
  [[nodiscard]] Result<void> sweep();

  // Sessions that this process has seen in use and not seen end, for the metrics.
  [[nodiscard]] std::size_t sessions_in_use() const { return activity_->count(); }

 private:
  [[nodiscard]] bool is_too_old(const Session& session) const;
  [[nodiscard]] Result<std::vector<Digest>> find_expired();

  Store& store_;
  const Clock& clock_;
  const PasswordHasher& passwords_;
  const Hasher& hasher_;
  RandomSource& random_;
  SessionLimits limits_;
  LoginBurst burst_;
  StrangerRows strangers_;
  std::shared_ptr<SessionActivity> activity_;
};

}  // namespace muster::directory
