#include "app/reset_password.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "app/secret_input.h"
#include "base/metrics.h"
#include "directory/password_policy.h"
#include "system/sodium_secrets.h"
#include "system/system_clock.h"

namespace muster::app {
namespace {

using namespace directory;

Result<UserPtr> find_account(Reader& reader, const std::string& user_name) {
  const std::vector<std::string> names{fold_user_name(user_name)};
  auto found = reader.find_users_by_name(names);
  if (!found) return std::unexpected(found.error());
  if (found->front() != nullptr) return found->front();
  return fail(ErrorType::kUserNotFound, "There is no user " + user_name + ".");
}

Result<void> check_allowed(const User& user, const Domain& domain, std::string_view password) {
  if (user.id == kSystemUserId) {
    return fail(ErrorType::kOperationNotAllowed, "The system account has no password.");
  }
  const SecurityPolicy* policy = domain.find_policy(user.security_policy_id);
  if (policy == nullptr) return {};
  if (policy->sso) {
    return fail(ErrorType::kOperationNotAllowed,
                "The account logs in by single sign-on and has no password.");
  }
  return check_new_password(*policy, password);
}

}  // namespace

Result<void> reset_password(Store& store, const PasswordHasher& passwords, const Clock& clock,
                            const std::string& user_name, std::string_view password) {
  Actor actor;
  actor.action = "Reset Password";
  actor.at = clock.now();
  return store.write(actor, [&](Transaction& tx) -> Result<void> {
    const auto user = find_account(tx, user_name);
    if (!user) return std::unexpected(user.error());
    if (auto allowed = check_allowed(**user, *tx.domain(), password); !allowed) return allowed;
    const auto old = tx.find_credential((*user)->id);
    if (!old) return std::unexpected(old.error());
    const Credential credential = old->has_value()
                                      ? replace_password(passwords, **old, password, actor.at)
                                      : make_credential(passwords, password, actor.at);
    if (auto put = tx.put_credential((*user)->id, credential); !put) return put;
    return tx.end_sessions_of((*user)->id, std::nullopt);
  });
}

Result<void> run_passwd(const PasswdArguments& arguments) {
  const StoreLocation& at = arguments.store;
  // Opening would make an empty directory of a mistyped one.
  if (at.url.empty() &&
      !std::filesystem::exists(std::filesystem::path(at.data_dir) / "muster.db")) {
    return fail(ErrorType::kUnexpectedError, at.data_dir + ": there is no directory here");
  }
  Metrics metrics;
  auto opened = open_store(at, metrics);
  if (!opened) return std::unexpected(std::move(opened.error()));
  if (!opened->store->initialised()) {
    return fail(ErrorType::kUnexpectedError,
                (at.url.empty() ? at.data_dir : "The database") + ": was never filled");
  }
  const auto password = read_secret(arguments.password_file, "New password: ");
  if (!password) return std::unexpected(password.error());
  const system::SystemClock clock;
  const system::SodiumPasswordHasher passwords;
  auto done = reset_password(*opened->store, passwords, clock, arguments.user_name, *password);
  opened->close();
  return done;
}

}  // namespace muster::app
