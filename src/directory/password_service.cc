#include "directory/password_service.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "directory/login_row.h"
#include "directory/password_policy.h"
#include "directory/session_people.h"

namespace muster::directory {
namespace {

struct Account {
  DomainPtr domain;
  UserPtr user;
  std::optional<Credential> credential;
};

Result<Account> load(Reader& reader, UserId id) {
  Account account;
  account.domain = reader.domain();
  auto users = reader.find_users(std::array{id});
  if (!users) return std::unexpected(users.error());
  account.user = users->front();
  if (account.user == nullptr) {
    return fail(ErrorType::kUserNotFound, "User [" + to_string(id) + "] does not exist.");
  }
  auto credential = reader.find_credential(id);
  if (!credential) return std::unexpected(credential.error());
  account.credential = *std::move(credential);
  return account;
}

Result<Account> load(Store& store, UserId id) {
  Account account;
  const auto read = store.read([&](Reader& reader) -> Result<void> {
    auto loaded = load(reader, id);
    if (!loaded) return std::unexpected(loaded.error());
    account = *std::move(loaded);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return account;
}

// The policy of an account that logs in with a password.
Result<const SecurityPolicy*> password_policy(const Account& account) {
  const SecurityPolicy* policy = account.domain->find_policy(account.user->security_policy_id);
  if (policy == nullptr) {
    return fail(ErrorType::kOperationNotAllowed, "The account has no security policy.");
  }
  if (policy->sso) {
    return fail(ErrorType::kOperationNotAllowed,
                "The account logs in by single sign-on and has no password.");
  }
  return policy;
}

Result<void> check_policy(const Account& account, const PasswordHasher& passwords,
                          std::string_view wanted) {
  const auto policy = password_policy(account);
  if (!policy) return std::unexpected(policy.error());
  if (auto allowed = check_new_password(**policy, wanted); !allowed) return allowed;
  if (!account.credential) return {};
  return check_not_reused(passwords, **policy, *account.credential, wanted);
}

// With a row of the audit trail, whether the flag changes or not.
Result<void> note_change(Transaction& tx, const UserPtr& user, bool must_change,
                         const Actor& actor) {
  auto after = std::make_shared<User>(*user);
  after->needs_to_change_password = must_change;
  after->modified_by = actor.user_id;
  after->modified_date = actor.at;
  return tx.put_users({{.before = user, .after = std::move(after), .leaves_row = true}});
}

std::unexpected<Error> locked_out() {
  return fail(ErrorType::kUserLockedOut,
              "The account is locked after too many wrong passwords. Try again later.");
}

std::unexpected<Error> changed_meanwhile() {
  return fail(ErrorType::kRaceCondition, "The password was just changed by somebody else.");
}

// An administrator's reset must not make him more than he is: who logs in as the account has all
// its rights, in every vault. Memberships that are off count where they would give rights, since a
// password outlives their return.
bool outranks(const Caller& caller, const User& target) {
  if (caller.administers_whole_domain()) return false;
  if (target.is_domain_admin && !caller.is_domain_admin()) return true;
  return std::ranges::any_of(target.memberships, [&](const Membership& membership) {
    if (membership.profile == kVaultOwner) return !caller.is_vault_owner(membership.vault_id);
    const bool matters = membership.active || membership.profile == kSystemAdmin;
    return matters && !caller.administers(membership.vault_id);
  });
}

Result<void> check_reset(const Caller& caller, const User& target) {
  if (caller.delegate != nullptr) {
    return fail(ErrorType::kOperationNotAllowed, "A delegated session may not change passwords.");
  }
  if (caller.user->id == target.id) {
    return fail(ErrorType::kOperationNotAllowed,
                "The own password is changed with the present one, not reset.");
  }
  if (target.id == kSystemUserId) {
    return fail(ErrorType::kOperationNotAllowed, "The system account has no password.");
  }
  if (!caller.may_update(target) || outranks(caller, target)) {
    return fail(ErrorType::kInsufficientAccess,
                "No administrative access to user [" + to_string(target.id) + "].");
  }
  return {};
}

}  // namespace

PasswordService::PasswordService(Store& store, const Clock& clock, const PasswordHasher& passwords)
    : store_(store), clock_(clock), passwords_(passwords) {}

Result<void> PasswordService::change(const Caller& caller, std::string_view current,
                                     std::string_view wanted, std::string_view source_ip) {
  if (caller.delegate != nullptr) {
    return fail(ErrorType::kOperationNotAllowed, "A delegated session may not change passwords.");
  }
  const auto seen = load(store_, caller.user->id);
  if (!seen) return std::unexpected(seen.error());
  // Before the hash: where there is nothing to guess, guesses are not counted.
  if (const auto has = password_policy(*seen); !has) return std::unexpected(has.error());
  if (!seen->credential) {
    const auto allowed = check_policy(*seen, passwords_, wanted);
    if (!allowed) return allowed;
    return fail(ErrorType::kOperationNotAllowed, "The account has no password yet.");
  }
  const Actor actor = caller.actor("Change Password", clock_.now());
  if (is_locked(*seen->credential, actor.at)) return locked_out();
  // Outside of the transaction, which holds others up: hashes take long.
  const bool matches = current.size() <= limits::kPasswordBytesMax &&
                       passwords_.verify(seen->credential->password_hash, current);
  Result<void> allowed;
  std::optional<Credential> fresh;
  if (matches) {
    allowed = current == wanted ? fail(ErrorType::kInvalidData,
                                       "The new password must differ from the present one.")
                                : check_policy(*seen, passwords_, wanted);
    if (allowed) fresh = replace_password(passwords_, *seen->credential, wanted, actor.at);
  }
  if (!allowed) return allowed;

  Result<void> outcome;
  const auto written = store_.write(actor, [&](Transaction& tx) -> Result<void> {
    const auto today = renewed(tx, caller, actor.at);
    if (!today) return std::unexpected(today.error());
    const auto now = load(tx, caller.user->id);
    if (!now) return std::unexpected(now.error());
    if (!now->credential || now->credential->password_hash != seen->credential->password_hash) {
      return changed_meanwhile();
    }
    if (is_locked(*now->credential, actor.at)) return locked_out();  // by tries beside this one
    if (!matches) {
      outcome = fail(ErrorType::kInvalidData, "The current password is wrong.");
      const Credential counted = with_one_more_failure(*now->credential, actor.at);
      if (auto put = tx.put_credential(now->user->id, counted); !put) return put;
      LoginAuditRow row = login_row(*now->user, kPasswordChange, actor.at);
      row.source_ip = source_ip;
      row.status = wire_name(ErrorType::kInvalidData);
      return tx.append_login(row);
    }
    outcome = {};
    fresh->last_vault = now->credential->last_vault;
    if (auto put = tx.put_credential(now->user->id, *fresh); !put) return put;
    if (auto noted = note_change(tx, now->user, false, actor); !noted) return noted;
    return tx.end_sessions_of(now->user->id, caller.session_hash);
  });
  return written ? outcome : written;
}

Result<void> PasswordService::reset(const Caller& caller, UserId id, std::string_view wanted,
                                    bool must_change) {
  const auto seen = load(store_, id);
  if (!seen) return std::unexpected(seen.error());
  if (auto may = check_reset(caller, *seen->user); !may) return may;
  if (auto allowed = check_policy(*seen, passwords_, wanted); !allowed) return allowed;
  const Actor actor = caller.actor("Reset Password", clock_.now());
  const Credential fresh = seen->credential
                               ? replace_password(passwords_, *seen->credential, wanted, actor.at)
                               : make_credential(passwords_, wanted, actor.at);
  return store_.write(actor, [&](Transaction& tx) -> Result<void> {
    const auto today = renewed(tx, caller, actor.at);
    if (!today) return std::unexpected(today.error());
    const auto now = load(tx, id);
    if (!now) return std::unexpected(now.error());
    if (auto may = check_reset(*today, *now->user); !may) return may;
    if (now->credential.has_value() != seen->credential.has_value() ||
        (now->credential && now->credential->password_hash != seen->credential->password_hash)) {
      return changed_meanwhile();
    }
    if (auto put = tx.put_credential(id, fresh); !put) return put;
    if (auto noted = note_change(tx, now->user, must_change, actor); !noted) return noted;
    return tx.end_sessions_of(id, std::nullopt);
  });
}

}  // namespace muster::directory
