#include "directory/login.h"

#include <span>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "directory/login_row.h"
#include "directory/login_vault.h"
#include "directory/password_policy.h"

namespace muster::directory {
namespace {

// One wording for unknown users and wrong passwords.
Error wrong_name_or_password() {
  return {ErrorType::kUsernameOrPasswordIncorrect, "The user name or password is incorrect."};
}

Actor acting_user(const UserPtr& user, Timestamp at) {
  Actor actor;
  if (user != nullptr) {
    actor.user_id = user->id;
    actor.user_name = user->user_name();
    actor.full_name = user->full_name();
  }
  actor.action = kUserLogin;
  actor.at = at;
  return actor;
}

bool must_change_password(const Domain& domain, const User& user, const Credential& credential,
                          Timestamp now) {
  const SecurityPolicy* policy = domain.find_policy(user.security_policy_id);
  return user.needs_to_change_password ||
         (policy != nullptr && is_password_expired(*policy, credential, now));
}

bool logs_in_by_password(const Domain& domain, const User& user) {
  const SecurityPolicy* policy = domain.find_policy(user.security_policy_id);
  return user.id != kSystemUserId && (policy == nullptr || !policy->sso);
}

}  // namespace

Login::Login(Store& store, const PasswordHasher& passwords, StrangerRows& strangers,
             const LoginRequest& request, Timestamp now)
    : store_(store), passwords_(passwords), strangers_(strangers), request_(request), now_(now) {}

Result<LoginAnswer> Login::run(const Digest& id_hash) {
  if (auto missing = missing_input()) return std::unexpected(*std::move(missing));
  Account seen;
  const Result<void> read = store_.read([&](Reader& reader) -> Result<void> {
    Result<Account> found = find_account(reader);
    if (!found) return std::unexpected(found.error());
    seen = *std::move(found);
    return {};
  });
  if (!read) return std::unexpected(read.error());

  // Outside of the transaction, which may be run again and holds others up.
  const PasswordCheck check = check_password(seen);
  const StrangerRow stranger =
      seen.user == nullptr ? strangers_.next(request_.source_ip) : StrangerRow::kListed;
  if (stranger == StrangerRow::kNone) return std::unexpected(wrong_name_or_password());

  Result<LoginAnswer> outcome;
  const Result<void> written =
      store_.write(acting_user(seen.user, now_), [&](Transaction& tx) -> Result<void> {
        // Read again: other tries may have been counted, the account changed, since.
        const Result<Account> account = find_account(tx);
        if (!account) return std::unexpected(account.error());
        const std::optional<Error> refusal = objection(*account, check);
        if (refusal) {
          outcome = std::unexpected(*refusal);
          return keep_refusal(tx, *account, *refusal, stranger);
        }
        outcome = keep_session(tx, *account, check, id_hash);
        if (!outcome) return std::unexpected(outcome.error());
        return {};
      });
  if (!written) return std::unexpected(written.error());
  return outcome;
}

Result<Login::Account> Login::find_account(Reader& reader) const {
  Account account;
  account.domain = reader.domain();
  const std::string name = fold_user_name(request_.user_name);
  const auto users = reader.find_users_by_name(std::span(&name, 1));
  if (!users) return std::unexpected(users.error());
  account.user = users->front();
  if (account.user == nullptr || !logs_in_by_password(*account.domain, *account.user)) {
    return account;
  }
  auto credential = reader.find_credential(account.user->id);
  if (!credential) return std::unexpected(credential.error());
  account.credential = *std::move(credential);
  return account;
}

Login::PasswordCheck Login::check_password(const Account& account) const {
  // No password is longer; a megabyte of it must not cost more than a short one.
  const bool too_long = request_.password.size() > limits::kPasswordBytesMax;
  const std::string_view password =
      std::string_view(request_.password).substr(0, limits::kPasswordBytesMax);
  if (!account.credential || too_long) {
    static_cast<void>(passwords_.verify(passwords_.dummy_hash(), password));
    return {};
  }
  PasswordCheck check;
  check.matches = passwords_.verify(account.credential->password_hash, password);
  check.password_changed = account.credential->password_changed;
  if (check.matches && passwords_.needs_rehash(account.credential->password_hash)) {
    check.better_hash = passwords_.hash(password);
  }
  return check;
}

std::optional<Error> Login::missing_input() const {
  if (request_.user_name.empty()) {
    return Error{ErrorType::kParameterRequired, "Missing required parameter [username]."};
  }
  if (request_.password.empty()) {
    return Error{ErrorType::kNoPasswordProvided, "A password is required to log in."};
  }
  return std::nullopt;
}

std::optional<Error> Login::objection(const Account& account, const PasswordCheck& check) const {
  if (!account.credential) return wrong_name_or_password();
  if (is_locked(*account.credential, now_)) {
    return Error{ErrorType::kUserLockedOut,
                 "The account is locked after too many wrong passwords. Try again later."};
  }
  // The check counts only for the password it was made of.
  if (!check.matches || check.password_changed != account.credential->password_changed) {
    return wrong_name_or_password();
  }
  if (!account.user->domain_active || login_vaults(*account.domain, *account.user).empty()) {
    return Error{ErrorType::kInactiveUser, "This user is not active in any vault."};
  }
  if (must_change_password(*account.domain, *account.user, *account.credential, now_)) {
    return Error{ErrorType::kPasswordChangeRequired,
                 "The password has expired and must be changed before logging in."};
  }
  return std::nullopt;
}

Result<void> Login::keep_refusal(Transaction& tx, const Account& account, const Error& why,
                                 StrangerRow stranger) const {
  if (why.type == ErrorType::kUsernameOrPasswordIncorrect && account.credential) {
    const Result<void> counted =
        tx.put_credential(account.user->id, with_one_more_failure(*account.credential, now_));
    if (!counted) return counted;
  }
  LoginAuditRow row = account.user != nullptr ? login_row(*account.user, kUserLogin, now_)
                                              : login_row(request_.user_name, kUserLogin, now_);
  row.source_ip = request_.source_ip;
  const bool is_last = account.user == nullptr && stranger == StrangerRow::kLast;
  row.status = wire_name(is_last ? ErrorType::kApiLimitExceeded : why.type);
  return tx.append_login(row);
}

Result<LoginAnswer> Login::keep_session(Transaction& tx, const Account& account,
                                        const PasswordCheck& check, const Digest& id_hash) const {
  LoginAnswer answer;
  answer.user = account.user;
  answer.vault_ids = login_vaults(*account.domain, *account.user);
  answer.vault_id = choose_vault(*account.domain, answer.vault_ids,
                                 request_.vault_dns.empty() ? request_.host : request_.vault_dns,
                                 account.credential->last_vault);

  Credential credential = *account.credential;
  credential.failures = 0;
  credential.locked_until.reset();
  credential.last_vault = answer.vault_id;
  if (!check.better_hash.empty()) credential.password_hash = check.better_hash;

  const Session session{.id_hash = id_hash,
                        .user_id = account.user->id,
                        .vault_id = answer.vault_id,
                        .delegate_user_id = {},
                        .created = now_,
                        .last_activity = now_};
  LoginAuditRow row = login_row(*account.user, kUserLogin, now_);
  row.source_ip = request_.source_ip;

  if (credential != *account.credential) {
    const Result<void> kept = tx.put_credential(account.user->id, credential);
    if (!kept) return std::unexpected(kept.error());
  }
  if (const auto kept = tx.put_session(session); !kept) return std::unexpected(kept.error());
  if (const auto kept = tx.set_last_login(account.user->id, now_); !kept) {
    return std::unexpected(kept.error());
  }
  if (const auto kept = tx.append_login(row); !kept) return std::unexpected(kept.error());
  return answer;
}

}  // namespace muster::directory
