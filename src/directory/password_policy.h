// Passwords: what a security policy demands of a new one, when it expires, and the credential
// that keeps it (protocol section 4.4).
//
//   auto allowed = check_new_password(policy, password);
//   Credential fresh = make_credential(hasher, password, now);
//
// Pure functions, safe from any thread. Those that take a PasswordHasher cost a hash or more: call
// them on the password pool.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "directory/domain.h"
#include "directory/secrets.h"
#include "directory/session.h"

namespace muster::directory {

// kInvalidData naming the first broken rule. Letters and digits are those of ASCII; length counts
// characters, at most limits::kPasswordBytesMax bytes.
[[nodiscard]] Result<void> check_new_password(const SecurityPolicy& policy,
                                              std::string_view password);

// kInvalidData when the password is one of the last `history_reuse` ones, today's included.
[[nodiscard]] Result<void> check_not_reused(const PasswordHasher& hasher,
                                            const SecurityPolicy& policy,
                                            const Credential& credential,
                                            std::string_view password);

[[nodiscard]] bool is_password_expired(const SecurityPolicy& policy, const Credential& credential,
                                       Timestamp now);

// The credential of an account that had none. Not checked against a policy.
[[nodiscard]] Credential make_credential(const PasswordHasher& hasher, std::string_view password,
                                         Timestamp now);

[[nodiscard]] bool is_locked(const Credential& credential, Timestamp now);

// One more wrong password (4.4). A lockout that is over leaves a clean slate behind.
[[nodiscard]] Credential with_one_more_failure(Credential credential, Timestamp now);

// The same account with a new password: the old one goes to the history, a lockout is over.
[[nodiscard]] Credential replace_password(const PasswordHasher& hasher, const Credential& old,
                                          std::string_view password, Timestamp now);

}  // namespace muster::directory
