// Passwords of accounts: changed by their owners (protocol 3.9), reset by administrators (section 8
// on 4.4). Every success is durable and ends the sessions that the old password opened.
//
// Thread-safe; store, clock and hasher outlive it. Each call costs several password hashes: call it
// on the bounded password pool only.
#pragma once

#include <string_view>

#include "base/result.h"
#include "directory/caller.h"
#include "directory/clock.h"
#include "directory/secrets.h"
#include "directory/store.h"

namespace muster::directory {

class PasswordService {
 public:
  PasswordService(Store& store, const Clock& clock, const PasswordHasher& passwords);

  // The caller's own password. All other sessions of the user end.
  // Errors: kInvalidData (wrong current password, which counts towards the lockout; a rule of the
  // policy; a password used before), kUserLockedOut, kOperationNotAllowed (delegated session,
  // single sign-on), kInvalidSessionId, kRaceCondition (changed by somebody else meanwhile).
  // A wrong one leaves a row in the login audit trail, a change one in the domain trail.
  [[nodiscard]] Result<void> change(const Caller& caller, std::string_view current,
                                    std::string_view wanted, std::string_view source_ip);

  // Somebody else's password, by an administrator; a lockout ends, and so do all of that user's
  // sessions. `must_change`: before the next login. Errors: kUserNotFound, kInsufficientAccess,
  // kOperationNotAllowed (delegated session, own or system account, single sign-on), kInvalidData
  // (policy).
  [[nodiscard]] Result<void> reset(const Caller& caller, UserId id, std::string_view wanted,
                                   bool must_change);

 private:
  Store& store_;
  const Clock& clock_;
  const PasswordHasher& passwords_;
};

}  // namespace muster::directory
