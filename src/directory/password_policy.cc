#include "directory/password_policy.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <utility>

#include "base/limits.h"
#include "base/text.h"

namespace muster::directory {
namespace {

// The largest `history_reuse` of a policy, less today's password.
constexpr std::size_t kHistoryMax = 5;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alphanumeric(char c) { return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z'); }

std::unexpected<Error> refused(std::string message) {
  return fail(ErrorType::kInvalidData, std::move(message));
}

}  // namespace

Result<void> check_new_password(const SecurityPolicy& policy, std::string_view password) {
  if (password.size() > limits::kPasswordBytesMax) {
    return refused("The password is longer than " + std::to_string(limits::kPasswordBytesMax) +
                   " bytes.");
  }
  if (std::cmp_less(count_code_points(password), policy.min_length)) {
    return refused("The password must have at least " + std::to_string(policy.min_length) +
                   " characters.");
  }
  if (policy.require_number && std::ranges::none_of(password, is_digit)) {
    return refused("The password must contain a digit.");
  }
  if (policy.require_uppercase && std::ranges::none_of(password, is_upper)) {
    return refused("The password must contain an upper-case letter.");
  }
  if (policy.require_nonalphanumeric && std::ranges::all_of(password, is_alphanumeric)) {
    return refused("The password must contain a character that is neither letter nor digit.");
  }
  return {};
}

Result<void> check_not_reused(const PasswordHasher& hasher, const SecurityPolicy& policy,
                              const Credential& credential, std::string_view password) {
  if (policy.history_reuse <= 0) return {};
  const auto is_password_of = [&](const std::string& hash) {
    return hasher.verify(hash, password);
  };
  const auto earlier = static_cast<std::size_t>(policy.history_reuse) - 1;
  const std::span history(credential.history);
  if (is_password_of(credential.password_hash) ||
      std::ranges::any_of(history.first(std::min(earlier, history.size())), is_password_of)) {
    return refused("The password is one of the last " + std::to_string(policy.history_reuse) +
                   " passwords.");
  }
  return {};
}

bool is_password_expired(const SecurityPolicy& policy, const Credential& credential,
                         Timestamp now) {
  return policy.expiration_days > 0 &&
         now - credential.password_changed >= std::chrono::days(policy.expiration_days);
}

Credential make_credential(const PasswordHasher& hasher, std::string_view password, Timestamp now) {
  Credential credential;
  credential.password_hash = hasher.hash(password);
  credential.password_changed = now;
  return credential;
}

bool is_locked(const Credential& credential, Timestamp now) {
  return credential.locked_until && now < *credential.locked_until;
}

Credential with_one_more_failure(Credential credential, Timestamp now) {
  if (credential.locked_until && now >= *credential.locked_until) {
    credential.locked_until.reset();
    credential.failures = 0;
  }
  if (++credential.failures >= limits::kLoginFailuresMax) {
    credential.locked_until = now + std::chrono::milliseconds(limits::kLockoutMs);
  }
  return credential;
}

Credential replace_password(const PasswordHasher& hasher, const Credential& old,
                            std::string_view password, Timestamp now) {
  Credential fresh = make_credential(hasher, password, now);
  fresh.last_vault = old.last_vault;
  fresh.history.reserve(kHistoryMax);
  fresh.history.push_back(old.password_hash);
  const auto kept = std::min(old.history.size(), kHistoryMax - 1);
  fresh.history.insert(fresh.history.end(), old.history.begin(),
                       old.history.begin() + static_cast<std::ptrdiff_t>(kept));
  return fresh;
}

}  // namespace muster::directory
