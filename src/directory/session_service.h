// Login and sessions (protocol section 4): password check with lockout, choice of vault,
// session id to Caller, keep-alive, end. Time comes from Clock, so tests move it.
//
// Thread-safe. log_in() hashes a password: call it on the bounded password pool only.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "directory/caller.h"
#include "directory/clock.h"
#include "directory/secrets.h"
#include "directory/store.h"

namespace muster::directory {

struct LoginRequest {
  std::string user_name;
  std::string password;
  std::string vault_dns;  // form field vaultDNS; empty: not sent
  std::string host;       // of the request's URL, with port
  std::string source_ip;
};

struct LoginAnswer {
  std::string session_id;  // 128 upper-case hex characters; never stored or logged
  UserPtr user;
  VaultId vault_id;                // the session's vault
  std::vector<VaultId> vault_ids;  // active vaults in which the user is an active member
};

struct SessionLimits {
  std::int64_t idle_ms;   // default limits::kSessionIdleMsDefault
  std::int64_t life_ms;   // limits::kSessionLifeMsMax
  int logins_per_minute;  // limits::kLoginsPerMinute; 0 = no limit
};

class SessionService {
 public:
  SessionService(Store& store, const Clock& clock, const PasswordHasher& passwords,
                 const Hasher& hasher, RandomSource& random, SessionLimits limits);

  // The auth burst (1.9): counts a login try of this name and vault DNS. Cheap, on any thread,
  // before the password is looked at. kApiLimitExceeded at the limit.
  struct Burst {
    int limit;
    int remaining;
    std::int64_t delay_ms;
  };
  [[nodiscard]] Result<Burst> count_login(std::string_view user_name, std::string_view vault_dns);

  // Login. Errors as in 4.3: kParameterRequired, kNoPasswordProvided,
  // kUsernameOrPasswordIncorrect, kUserLockedOut, kInactiveUser, kPasswordChangeRequired.
  // Every outcome leaves a row in the login audit trail.
  [[nodiscard]] Result<LoginAnswer> log_in(const LoginRequest& request);

  // The caller behind an Authorization header value ("{id}" or "Bearer {id}").
  // kInvalidSessionId when missing, malformed, unknown, idle too long or older than 48 hours,
  // or when the account was disabled since. Cheap; on any thread.
  [[nodiscard]] Result<Caller> authenticate(std::string_view authorization);

  // Restarts the idle clock; called when a request of the session ends.
  void touch(const Caller& caller);

  [[nodiscard]] Result<void> end(const Caller& caller, std::string_view source_ip);

 private:
  Store& store_;
  const Clock& clock_;
  const PasswordHasher& passwords_;
  const Hasher& hasher_;
  RandomSource& random_;
  SessionLimits limits_;
};

}  // namespace muster::directory
