// Changing and resetting passwords, without HTTP: lockout, history, sessions, who may not.
#include "directory/password_service.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "directory/session_testing.h"

namespace muster::directory {
namespace {

using testing::kBasicPolicy;
using testing::kNadia;
using testing::kPassword;
using testing::make_caller;
using testing::make_first_admin;

constexpr UserId kBoss{25002};
constexpr std::string_view kNew = "Quite-New-7";
constexpr std::string_view kAddress = "192.0.2.20";

// Lets something happen while a password is compared, which takes long.
class InterruptedHasher final : public PasswordHasher {
 public:
  [[nodiscard]] std::string hash(std::string_view password) const override {
    return inner_.hash(password);
  }
  [[nodiscard]] bool verify(std::string_view hash, std::string_view password) const override {
    if (always) always();
    if (const auto happens = std::exchange(meanwhile, nullptr)) happens();
    return inner_.verify(hash, password);
  }
  [[nodiscard]] bool needs_rehash(std::string_view hash) const override {
    return inner_.needs_rehash(hash);
  }
  [[nodiscard]] const std::string& dummy_hash() const override { return inner_.dummy_hash(); }

  mutable std::function<void()> meanwhile;  // once
  std::function<void()> always;

 private:
  testing::FakePasswordHasher inner_;
};

class PasswordServiceTest : public testing::SessionFixture {
 protected:
  PasswordServiceTest() { add(make_first_admin(kBoss.value)); }

  Caller caller(UserId id) { return make_caller(domain(), user(id)); }
  DomainPtr domain() {
    return ask([](Reader& reader) { return reader.domain(); });
  }
  // nullopt: done.
  std::optional<ErrorType> change(std::string_view current, std::string_view wanted) {
    return error_of(service_.change(caller(kNadia), current, wanted, kAddress));
  }
  std::optional<ErrorType> reset(const Caller& who, UserId id = kNadia) {
    return error_of(service_.reset(who, id, kNew, true));
  }
  static std::optional<ErrorType> error_of(const Result<void>& done) {
    return done ? std::nullopt : std::optional(done.error().type);
  }
  void require_single_sign_on() {
    change_domain([](Domain& domain) {
      for (SecurityPolicy& policy : domain.policies) policy.sso = policy.id == kBasicPolicy;
    });
  }

  InterruptedHasher hasher_of_service_;
  PasswordService service_{store_, clock_, hasher_of_service_};
};

TEST_F(PasswordServiceTest, AChangeEndsTheOtherSessionsAndKeepsItsOwn) {
  const std::string own = open_session();
  const std::string other = open_session();
  const auto who = sessions_->authenticate(own);
  ASSERT_TRUE(who);
  ASSERT_TRUE(service_.change(*who, kPassword, kNew, kAddress));
  EXPECT_EQ(request(own), std::nullopt);
  EXPECT_EQ(request(other), ErrorType::kInvalidSessionId);
  EXPECT_FALSE(log_in());
  EXPECT_TRUE(log_in(name_of(kNadia), kNew));
}

TEST_F(PasswordServiceTest, AChangeIsWhatTheAccountWasAskedFor) {
  SessionFixture::change(kNadia, [](User& user) { user.needs_to_change_password = true; });
  EXPECT_EQ(change(kPassword, kNew), std::nullopt);
  EXPECT_FALSE(user(kNadia)->needs_to_change_password);
}

TEST_F(PasswordServiceTest, RecentPasswordsAreRefused) {
  change_domain([](Domain& domain) {
    for (SecurityPolicy& policy : domain.policies) policy.history_reuse = 3;
  });
  EXPECT_EQ(change(kPassword, "Second-22"), std::nullopt);
  EXPECT_EQ(change("Second-22", kPassword), ErrorType::kInvalidData);
  EXPECT_EQ(change("Second-22", "Third-333"), std::nullopt);
  EXPECT_EQ(change("Third-333", "Fourth-44"), std::nullopt);
  EXPECT_EQ(change("Fourth-44", kPassword), std::nullopt);
}

TEST_F(PasswordServiceTest, WrongPasswordsLockTheAccount) {
  for (int i = 0; i < limits::kLoginFailuresMax; ++i) {
    EXPECT_EQ(change("wrong", kNew), ErrorType::kInvalidData);
  }
  EXPECT_EQ(change(kPassword, kNew), ErrorType::kUserLockedOut);
  clock_.advance(std::chrono::milliseconds(limits::kLockoutMs));
  EXPECT_EQ(change(kPassword, kNew), std::nullopt);
}

TEST_F(PasswordServiceTest, AGuessOnItsWayDoesNotEndTheLockout) {
  Credential locked = credential(kNadia);
  locked.failures = limits::kLoginFailuresMax;
  locked.locked_until = clock_.now() + std::chrono::milliseconds(limits::kLockoutMs);
  hasher_of_service_.meanwhile = [&] { put_credential(kNadia, locked); };
  EXPECT_EQ(change("wrong", kNew), ErrorType::kUserLockedOut);
  hasher_of_service_.meanwhile = [&] { put_credential(kNadia, locked); };
  EXPECT_EQ(change(kPassword, kNew), ErrorType::kUserLockedOut);
  EXPECT_EQ(credential(kNadia).locked_until, locked.locked_until);
  EXPECT_EQ(credential(kNadia).failures, locked.failures);
}

TEST_F(PasswordServiceTest, AWrongPasswordIsARowOfTheLoginTrail) {
  EXPECT_EQ(change("wrong", kNew), ErrorType::kInvalidData);
  const auto seen = rows("Password Change");
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].user_id, kNadia);
  EXPECT_EQ(seen[0].user_name, name_of(kNadia));
  EXPECT_EQ(seen[0].status, "INVALID_DATA");
  EXPECT_EQ(seen[0].source_ip, kAddress);
  EXPECT_EQ(change(kPassword, kNew), std::nullopt);
  EXPECT_EQ(rows("Password Change").size(), 1U) << "a success is in the domain trail";
}

// All are compared before the first of them is counted.
TEST_F(PasswordServiceTest, GuessesInParallelAreNoMoreThanGuessesInTurn) {
  constexpr int kGuesses = 3 * limits::kLoginFailuresMax;
  std::atomic<int> told{0};
  std::barrier all_compare(kGuesses);
  hasher_of_service_.always = [&] { all_compare.arrive_and_wait(); };
  const Caller nadia = caller(kNadia);
  {
    std::vector<std::jthread> guessers;
    for (int i = 0; i < kGuesses; ++i) {
      guessers.emplace_back([&] {
        const auto tried = service_.change(nadia, "wrong", kNew, kAddress);
        if (error_of(tried) == ErrorType::kInvalidData) ++told;
      });
    }
  }
  hasher_of_service_.always = nullptr;
  EXPECT_EQ(told, limits::kLoginFailuresMax);
  EXPECT_EQ(change(kPassword, kNew), ErrorType::kUserLockedOut);
}

TEST_F(PasswordServiceTest, TheFirstOfTwoChangesWins) {
  hasher_of_service_.meanwhile = [&] {
    put_credential(kNadia, make_credential(passwords_, "Faster-77", clock_.now()));
  };
  EXPECT_EQ(change(kPassword, kNew), ErrorType::kRaceCondition);
  EXPECT_TRUE(passwords_.verify(credential(kNadia).password_hash, "Faster-77"));
}

TEST_F(PasswordServiceTest, SingleSignOnHasNoPasswordToGuess) {
  require_single_sign_on();
  EXPECT_EQ(change("wrong", kNew), ErrorType::kOperationNotAllowed);
  EXPECT_EQ(credential(kNadia).failures, 0);
  EXPECT_EQ(reset(caller(kBoss)), ErrorType::kOperationNotAllowed);
}

TEST_F(PasswordServiceTest, DelegatedSessionsChangeNoPasswordsOfAnybody) {
  Caller nadia = caller(kNadia);
  nadia.delegate = user(kBoss);
  EXPECT_EQ(error_of(service_.change(nadia, kPassword, kNew, kAddress)),
            ErrorType::kOperationNotAllowed);
  add(make_first_admin(25003));
  Caller boss = caller(kBoss);
  boss.delegate = user(UserId{25003});
  EXPECT_EQ(reset(boss), ErrorType::kOperationNotAllowed);
  EXPECT_TRUE(passwords_.verify(credential(kNadia).password_hash, kPassword));
}

TEST_F(PasswordServiceTest, AResetEndsLockoutAndSessions) {
  const std::string session = open_session();
  Credential locked = credential(kNadia);
  locked.locked_until = clock_.now() + std::chrono::minutes(30);
  put_credential(kNadia, locked);
  EXPECT_EQ(reset(caller(kBoss)), std::nullopt);
  EXPECT_EQ(request(session), ErrorType::kInvalidSessionId);
  EXPECT_EQ(credential(kNadia).locked_until, std::nullopt);
  EXPECT_TRUE(user(kNadia)->needs_to_change_password);
}

// Who resets a password can log in with it: whose rights reach further is out of reach.
class PasswordResetReach : public PasswordServiceTest {
 protected:
  static constexpr UserId kAdmin{25010};   // System Admin of Quality
  static constexpr UserId kOwner{25011};   // Vault Owner of Quality
  static constexpr UserId kTarget{25012};  // Document User of Quality

  PasswordResetReach() {
    add(testing::make_member(kAdmin.value, testing::kQuality, kSystemAdmin));
    add(testing::make_member(kOwner.value, testing::kQuality, kVaultOwner));
    add(testing::make_member(kTarget.value, testing::kQuality), kPassword);
  }

  void join(VaultId vault, ProfileIndex profile, bool active = true) {
    SessionFixture::change(kTarget, [&](User& user) {
      user.set_membership({.vault_id = vault, .profile = profile, .active = active});
    });
  }
  std::optional<ErrorType> reset_by(UserId who) { return reset(caller(who), kTarget); }
  bool has_old_password() {
    return passwords_.verify(credential(kTarget).password_hash, kPassword);
  }
};

TEST_F(PasswordResetReach, AVaultsAdministratorResetsItsMembers) {
  EXPECT_EQ(reset_by(kAdmin), std::nullopt);
  EXPECT_FALSE(has_old_password());
}

TEST_F(PasswordResetReach, AnotherVaultsMemberIsOutOfReach) {
  for (const ProfileIndex profile : {kDocumentUser, kSystemAdmin, kVaultOwner}) {
    join(testing::kClinical, profile);
    EXPECT_EQ(reset_by(kAdmin), ErrorType::kInsufficientAccess);
    EXPECT_EQ(reset_by(kOwner), ErrorType::kInsufficientAccess);
  }
  EXPECT_TRUE(has_old_password());
}

TEST_F(PasswordResetReach, ANewPasswordOutlivesTheReturnOfAnAdministrator) {
  for (const ProfileIndex profile : {kSystemAdmin, kVaultOwner}) {
    join(testing::kClinical, profile, false);
    EXPECT_EQ(reset_by(kAdmin), ErrorType::kInsufficientAccess);
  }
  EXPECT_TRUE(has_old_password());
  join(testing::kClinical, kDocumentUser, false);  // would give nothing that counts
  EXPECT_EQ(reset_by(kAdmin), std::nullopt);
}

TEST_F(PasswordResetReach, VaultOwnersAreReachedByVaultOwnersOnly) {
  for (const bool active : {true, false}) {
    join(testing::kQuality, kVaultOwner, active);
    EXPECT_EQ(reset_by(kAdmin), ErrorType::kInsufficientAccess);
  }
  EXPECT_TRUE(has_old_password());
  EXPECT_EQ(reset_by(kOwner), std::nullopt);
}

TEST_F(PasswordResetReach, DomainAdminsAreReachedByDomainAdminsOnly) {
  SessionFixture::change(kTarget, [](User& user) { user.is_domain_admin = true; });
  EXPECT_EQ(reset_by(kAdmin), ErrorType::kInsufficientAccess);
  EXPECT_EQ(reset_by(kOwner), ErrorType::kInsufficientAccess);
  // Off today, and all the same one who comes back.
  SessionFixture::change(kTarget, [](User& user) { user.domain_active = false; });
  EXPECT_EQ(reset_by(kOwner), ErrorType::kInsufficientAccess);
  EXPECT_TRUE(has_old_password());
  EXPECT_EQ(reset_by(kBoss), std::nullopt);
}

}  // namespace
}  // namespace muster::directory
