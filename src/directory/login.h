// One login try: who it is, whether the password is right, what the store keeps of the outcome
// (protocol sections 4.1 to 4.4). Used by SessionService, which adds the session id.
//
// Made for one try and used by one thread. Costs one password verification, whatever the name and
// the state of the account, so that the time of the answer tells strangers nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "directory/secrets.h"
#include "directory/session.h"
#include "directory/store.h"
#include "directory/stranger_rows.h"

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
  std::vector<VaultId> vault_ids;  // the vaults the user may log in to, vault_id among them
};

class Login {
 public:
  // REQUIRES: all of them outlive the try.
  Login(Store& store, const PasswordHasher& passwords, StrangerRows& strangers,
        const LoginRequest& request, Timestamp now);

  // Judges the try and commits its outcome: audit row, failure count or the session `id_hash`.
  // A try without a name or a password, and those of too many unknown names, commit nothing.
  // Errors as SessionService::log_in(). The answer's session_id is left to the caller.
  [[nodiscard]] Result<LoginAnswer> run(const Digest& id_hash);

 private:
  // As the store has it at one moment.
  struct Account {
    DomainPtr domain;
    UserPtr user;                          // null: unknown name
    std::optional<Credential> credential;  // absent: cannot log in with a password
  };
  // What one verification said, and of which password.
  struct PasswordCheck {
    bool matches = false;
    Timestamp password_changed{};
    std::string better_hash;  // of today's cost; empty when the stored one has it
  };

  [[nodiscard]] Result<Account> find_account(Reader& reader) const;
  [[nodiscard]] PasswordCheck check_password(const Account& account) const;

  // What speaks against this login; nullopt when nothing does. A missing name or password needs
  // neither store nor check.
  [[nodiscard]] std::optional<Error> missing_input() const;
  [[nodiscard]] std::optional<Error> objection(const Account& account,
                                               const PasswordCheck& check) const;

  [[nodiscard]] Result<void> keep_refusal(Transaction& tx, const Account& account, const Error& why,
                                          StrangerRow stranger) const;
  [[nodiscard]] Result<LoginAnswer> keep_session(Transaction& tx, const Account& account,
                                                 const PasswordCheck& check,
                                                 const Digest& id_hash) const;

  Store& store_;
  const PasswordHasher& passwords_;
  StrangerRows& strangers_;
  const LoginRequest& request_;
  const Timestamp now_;
};

}  // namespace muster::directory
