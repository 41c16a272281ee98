// What the store keeps of sessions and credentials. Plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "directory/ids.h"
#include "directory/secrets.h"

namespace muster::directory {

// A login session. The session id itself is never stored, only its SHA-256.
struct Session {
  Digest id_hash{};
  UserId user_id;  // the account whose rights apply (the delegator in a delegated session)
  VaultId vault_id;
  UserId delegate_user_id;  // who really acts; 0 when not delegated
  Timestamp created{};
  Timestamp last_activity{};  // end of the last request, stored at most once a minute

  friend bool operator==(const Session&, const Session&) = default;
};

// Password state of an account. An account without one cannot log in.
struct Credential {
  std::string password_hash;
  Timestamp password_changed{};
  std::vector<std::string> history;  // earlier hashes, newest first, at most five
  int failures = 0;                  // consecutive wrong passwords
  std::optional<Timestamp> locked_until;
  VaultId last_vault;  // vault of the last login; 0 = never logged in

  friend bool operator==(const Credential&, const Credential&) = default;
};

}  // namespace muster::directory
