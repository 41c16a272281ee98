// `muster passwd`: gives an account a new password on the machine itself, for whoever lost it
// (protocol 4.4).
#pragma once

#include <string>
#include <string_view>

#include "app/store_location.h"
#include "base/result.h"
#include "directory/clock.h"
#include "directory/secrets.h"
#include "directory/store.h"

namespace muster::app {

// Sets the password of the account of that name, ends a lockout and all sessions of the account.
// Errors: kUserNotFound; kOperationNotAllowed for the system account and for accounts with single
// sign-on; kInvalidData when the account's policy refuses the password; those of the store.
[[nodiscard]] Result<void> reset_password(directory::Store& store,
                                          const directory::PasswordHasher& passwords,
                                          const directory::Clock& clock,
                                          const std::string& user_name, std::string_view password);

struct PasswdArguments {
  StoreLocation store;
  std::string user_name;
  std::string password_file;  // empty: the environment, else a prompt
};

// The whole command: opens the store (no server may be using a data directory), asks, sets. Errors:
// as above, and kUnexpectedError when the store cannot be opened.
[[nodiscard]] Result<void> run_passwd(const PasswdArguments& arguments);

}  // namespace muster::app
