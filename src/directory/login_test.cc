#include "directory/login.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "directory/session_testing.h"

namespace muster::directory {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kArchive;
using testing::kClinical;
using testing::kNadia;
using testing::kNoon;
using testing::kPassword;
using testing::kQuality;
using testing::make_member;
using testing::make_user;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::SizeIs;

class LoginTest : public testing::SessionFixture {
 protected:
  VaultId vault_of_login(std::string vault_dns, std::string host) {
    const auto answer = sessions_->log_in({.user_name = name_of(kNadia),
                                           .password = std::string(kPassword),
                                           .vault_dns = std::move(vault_dns),
                                           .host = std::move(host),
                                           .source_ip = ""});
    return answer ? answer->vault_id : VaultId{};
  }

  // The error type of a login that must fail, after checking what every refusal leaves behind.
  ErrorType refusal(const std::string& user_name, std::string_view password) {
    const std::size_t rows_before = rows().size();
    const auto answer = log_in(user_name, password);
    EXPECT_FALSE(answer);
    if (answer) return ErrorType::kUnexpectedError;
    const auto trail = rows();
    EXPECT_EQ(trail.size(), rows_before + 1);
    EXPECT_EQ(trail.front().type, "User Login");
    EXPECT_EQ(trail.front().status, wire_name(answer.error().type));
    EXPECT_EQ(trail.front().source_ip, "192.0.2.10");
    EXPECT_EQ(trail.front().timestamp, clock_.now());
    EXPECT_THAT(answer.error().message, Not(IsEmpty()));
    return answer.error().type;
  }

  void fail_times(int times) {
    for (int i = 0; i < times; ++i) {
      EXPECT_EQ(refusal(name_of(kNadia), "wrong"), ErrorType::kUsernameOrPasswordIncorrect) << i;
    }
  }
};

// 4.1: the answer and what it leaves in the store.

TEST_F(LoginTest, SuccessOpensASession) {
  clock_.advance(1h);
  const auto answer = log_in();
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->session_id, MatchesRegex("[0-9A-F]{128}"));
  EXPECT_EQ(answer->user->id, kNadia);
  EXPECT_EQ(answer->vault_id, kQuality);
  EXPECT_THAT(answer->vault_ids, ElementsAre(kQuality, kClinical));

  const auto session = stored(hasher_.sha256(answer->session_id));
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user_id, kNadia);
  EXPECT_EQ(session->vault_id, kQuality);
  EXPECT_EQ(session->delegate_user_id, UserId{});
  EXPECT_EQ(session->created, kNoon + 1h);
  EXPECT_EQ(session->last_activity, kNoon + 1h);
}

TEST_F(LoginTest, SuccessSetsLastLoginButChangesNoUser) {
  const Timestamp modified = user(kNadia)->modified_date;
  clock_.advance(1h);
  ASSERT_TRUE(log_in());
  EXPECT_EQ(user(kNadia)->last_login, kNoon + 1h);
  EXPECT_EQ(user(kNadia)->modified_date, modified);
}

TEST_F(LoginTest, SuccessLeavesARow) {
  clock_.advance(1h);
  ASSERT_TRUE(log_in());
  const auto trail = rows();
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_EQ(trail[0].type, "User Login");
  EXPECT_EQ(trail[0].status, "Success");
  EXPECT_EQ(trail[0].user_id, kNadia);
  EXPECT_EQ(trail[0].user_name, "user25001@example.com");
  EXPECT_EQ(trail[0].full_name, "First25001 Last25001");
  EXPECT_EQ(trail[0].source_ip, "192.0.2.10");
  EXPECT_EQ(trail[0].timestamp, kNoon + 1h);
}

TEST_F(LoginTest, UserNameIsComparedIgnoringCase) {
  EXPECT_TRUE(log_in("USER25001@Example.COM", kPassword));
}

TEST_F(LoginTest, VaultDnsBeatsTheHost) {
  EXPECT_EQ(vault_of_login("clinical.example.com", "quality.example.com"), kClinical);
  EXPECT_EQ(vault_of_login("quality.example.com:443", "clinical.example.com"), kQuality);
}

TEST_F(LoginTest, HostDecidesWithoutVaultDns) {
  EXPECT_EQ(vault_of_login("", "CLINICAL.example.com:8443"), kClinical);
}

TEST_F(LoginTest, UnusableDnsLeadsToTheVaultOfTheLastLogin) {
  EXPECT_EQ(vault_of_login("clinical.example.com", "x"), kClinical);
  EXPECT_EQ(vault_of_login("unknown.example.com", "quality.example.com"), kClinical);
  EXPECT_EQ(vault_of_login("archive.example.com", "x"), kClinical);
  restart();
  EXPECT_EQ(vault_of_login("", "127.0.0.1:8080"), kClinical);
}

TEST_F(LoginTest, FirstLoginLeadsToTheOldestVault) {
  EXPECT_EQ(vault_of_login("unknown.example.com", "x"), kQuality);
}

TEST_F(LoginTest, LastVaultThatBecameInactiveLeadsToTheOldest) {
  EXPECT_EQ(vault_of_login("clinical.example.com", "x"), kClinical);
  change_domain([](Domain& domain) { domain.vaults[1].active = false; });
  EXPECT_EQ(vault_of_login("", "x"), kQuality);
}

TEST_F(LoginTest, DomainAdminWithoutMembershipGetsTheOldestActiveVault) {
  auto admin = make_user(2);
  admin->is_domain_admin = true;
  add(admin, kPassword);
  const auto answer = log_in(name_of(UserId{2}), kPassword);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->vault_id, kQuality);
  EXPECT_THAT(answer->vault_ids, ::testing::Contains(kQuality));
}

// 4.3: which error, and always one verification.

TEST_F(LoginTest, WithoutNameOrPasswordNothingIsWritten) {
  EXPECT_EQ(log_in("", kPassword).error().type, ErrorType::kParameterRequired);
  EXPECT_EQ(log_in("", "").error().type, ErrorType::kParameterRequired);
  EXPECT_EQ(log_in(name_of(kNadia), "").error().type, ErrorType::kNoPasswordProvided);
  EXPECT_EQ(log_in("nobody@example.com", "").error().type, ErrorType::kNoPasswordProvided);
  EXPECT_EQ(credential(kNadia).failures, 0);
  EXPECT_THAT(rows(), IsEmpty());
}

TEST_F(LoginTest, UnknownNamesLeaveABoundedNumberOfRows) {
  for (int i = 0; i < 3 * limits::kStrangerRowsPerMinute; ++i) {
    const auto answer = log_in("nobody" + std::to_string(i) + "@example.com", "x");
    EXPECT_EQ(answer.error().type, ErrorType::kUsernameOrPasswordIncorrect);
  }
  EXPECT_THAT(rows(), SizeIs(limits::kStrangerRowsPerMinute + 1));
  EXPECT_EQ(rows().front().status, "API_LIMIT_EXCEEDED");
  EXPECT_EQ(rows().back().status, "USERNAME_OR_PASSWORD_INCORRECT");
  // Known names keep theirs, other addresses and the next minute too.
  EXPECT_EQ(refusal(name_of(kNadia), "wrong"), ErrorType::kUsernameOrPasswordIncorrect);
  clock_.advance(std::chrono::minutes(1));
  EXPECT_EQ(refusal("nobody@example.com", "x"), ErrorType::kUsernameOrPasswordIncorrect);
}

TEST_F(LoginTest, WhoeverItIsCostsExactlyOneVerification) {
  add(make_member(3, kQuality));
  add(make_member(4, kQuality), kPassword);
  change(UserId{4}, [](User& user) { user.domain_active = false; });
  Credential locked = make_credential(passwords_, kPassword, clock_.now());
  locked.locked_until = clock_.now() + 10min;
  add(make_member(5, kQuality));
  put_credential(UserId{5}, locked);

  const std::vector<std::pair<std::string, std::string>> tries{
      {"nobody@example.com", "x"},
      {"not even a name", std::string(100'000, 'x')},
      {name_of(kNadia), "wrong"},
      {name_of(kNadia), std::string(100'000, 'x')},
      {name_of(UserId{3}), "x"},
      {name_of(UserId{4}), std::string(kPassword)},
      {name_of(UserId{5}), "x"},
      {name_of(UserId{5}), std::string(kPassword)},
      {name_of(kNadia), std::string(kPassword)},
  };
  const int hashes = passwords_.hashes();
  for (const auto& [name, password] : tries) {
    const int before = passwords_.verifications();
    static_cast<void>(log_in(name, password));
    EXPECT_EQ(passwords_.verifications() - before, 1) << name;
  }
  EXPECT_EQ(passwords_.hashes(), hashes);
}

TEST_F(LoginTest, StrangersCannotTellWhoExists) {
  add(make_member(3, kQuality));
  change_domain([](Domain& domain) { domain.policies[1].sso = true; });
  auto sso_user = make_member(4, kQuality);
  sso_user->security_policy_id = testing::kStrongPolicy;
  add(sso_user, kPassword);

  const auto unknown = log_in("nobody@example.com", kPassword);
  for (const auto& answer : {log_in_wrong(), log_in(name_of(UserId{3}), kPassword),
                             log_in(name_of(UserId{4}), kPassword)}) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().type, ErrorType::kUsernameOrPasswordIncorrect);
    EXPECT_EQ(answer.error(), unknown.error());
  }
}

TEST_F(LoginTest, SystemAccountCannotLogIn) {
  auto system = make_user(kSystemUserId.value);
  system->is_domain_admin = true;
  add(system, kPassword);
  EXPECT_EQ(refusal(name_of(kSystemUserId), kPassword), ErrorType::kUsernameOrPasswordIncorrect);
}

TEST_F(LoginTest, InactiveAccountIsNamedOnlyAfterTheRightPassword) {
  change(kNadia, [](User& user) { user.domain_active = false; });
  EXPECT_EQ(refusal(name_of(kNadia), "wrong"), ErrorType::kUsernameOrPasswordIncorrect);
  EXPECT_EQ(refusal(name_of(kNadia), kPassword), ErrorType::kInactiveUser);
}

TEST_F(LoginTest, AllMembershipsInactive) {
  change(kNadia, [](User& user) {
    for (Membership& membership : user.memberships) membership.active = false;
  });
  EXPECT_EQ(refusal(name_of(kNadia), kPassword), ErrorType::kInactiveUser);
}

TEST_F(LoginTest, NoVaultToEnter) {
  add(make_member(3, kArchive), kPassword);
  add(make_user(4), kPassword);
  EXPECT_EQ(refusal(name_of(UserId{3}), kPassword), ErrorType::kInactiveUser);
  EXPECT_EQ(refusal(name_of(UserId{4}), kPassword), ErrorType::kInactiveUser);
}

TEST_F(LoginTest, ExpiredPasswordMustBeChanged) {
  change_domain([](Domain& domain) { domain.policies[0].expiration_days = 90; });
  clock_.advance(24h * 90 - 1ms);
  EXPECT_TRUE(log_in());
  clock_.advance(1ms);
  EXPECT_EQ(refusal(name_of(kNadia), "wrong"), ErrorType::kUsernameOrPasswordIncorrect);
  EXPECT_EQ(refusal(name_of(kNadia), kPassword), ErrorType::kPasswordChangeRequired);
}

TEST_F(LoginTest, PasswordMarkedForChange) {
  change(kNadia, [](User& user) { user.needs_to_change_password = true; });
  EXPECT_EQ(refusal(name_of(kNadia), kPassword), ErrorType::kPasswordChangeRequired);
  EXPECT_EQ(user(kNadia)->last_login, std::nullopt);
  EXPECT_THAT(ask([&](Reader& reader) {
                return *reader.find_stale_sessions(Timestamp::max(), Timestamp::max(), 10);
              }),
              IsEmpty())
      << "no session is issued";
}

TEST_F(LoginTest, NoPasswordIsLongerThanTheLimit) {
  const std::string longest(limits::kPasswordBytesMax, 'x');
  put_credential(kNadia, make_credential(passwords_, longest, clock_.now()));
  EXPECT_EQ(refusal(name_of(kNadia), longest + "x"), ErrorType::kUsernameOrPasswordIncorrect);
  EXPECT_TRUE(log_in(name_of(kNadia), longest));
}

TEST_F(LoginTest, UnknownNameIsKeptShortAndPrintable) {
  EXPECT_EQ(refusal("eve\n\x1b[31m\xFF\xC3\xA9@example.com", "x"),
            ErrorType::kUsernameOrPasswordIncorrect);
  EXPECT_EQ(rows().front().user_name, "eve??[31m???@example.com");
  EXPECT_EQ(rows().front().user_id, UserId{});
  EXPECT_EQ(refusal(std::string(100'000, 'x'), "x"), ErrorType::kUsernameOrPasswordIncorrect);
  EXPECT_EQ(rows().front().user_name, std::string(200, 'x') + "...");
}

TEST_F(LoginTest, RowsAndMessagesNeverShowThePassword) {
  const auto answer = log_in(name_of(kNadia), "Secret-99");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, Not(HasSubstr("Secret-99")));
  EXPECT_THAT(rows(), Each(AllOf(Field(&LoginAuditRow::user_name, Not(HasSubstr("Secret-99"))),
                                 Field(&LoginAuditRow::status, Not(HasSubstr("Secret-99"))))));
}

// 4.4: lockout.

TEST_F(LoginTest, FiveWrongPasswordsLockForHalfAnHour) {
  fail_times(5);
  EXPECT_EQ(credential(kNadia).locked_until, clock_.now() + 30min);
  EXPECT_EQ(refusal(name_of(kNadia), kPassword), ErrorType::kUserLockedOut);
  EXPECT_EQ(refusal(name_of(kNadia), "wrong"), ErrorType::kUserLockedOut);
  clock_.advance(30min - 1ms);
  EXPECT_EQ(refusal(name_of(kNadia), kPassword), ErrorType::kUserLockedOut);
  clock_.advance(1ms);
  EXPECT_TRUE(log_in());
}

TEST_F(LoginTest, FourWrongPasswordsDoNotLock) {
  fail_times(4);
  EXPECT_TRUE(log_in());
}

TEST_F(LoginTest, SuccessClearsTheCount) {
  for (int round = 0; round < 3; ++round) {
    fail_times(4);
    EXPECT_TRUE(log_in());
    EXPECT_EQ(credential(kNadia).failures, 0);
  }
}

TEST_F(LoginTest, LockoutThatIsOverLeavesFiveNewTries) {
  fail_times(5);
  clock_.advance(30min);
  fail_times(4);
  EXPECT_EQ(credential(kNadia).failures, 4);
  EXPECT_TRUE(log_in());
}

TEST_F(LoginTest, TriesWhileLockedDoNotProlongTheLockout) {
  fail_times(5);
  const Credential locked = credential(kNadia);
  clock_.advance(20min);
  EXPECT_EQ(refusal(name_of(kNadia), "wrong"), ErrorType::kUserLockedOut);
  EXPECT_EQ(credential(kNadia), locked);
}

TEST_F(LoginTest, LockoutSurvivesARestart) {
  fail_times(3);
  restart();
  fail_times(2);
  restart();
  EXPECT_EQ(refusal(name_of(kNadia), kPassword), ErrorType::kUserLockedOut);
}

TEST_F(LoginTest, LockoutOfOneUserIsNotThatOfAnother) {
  add(make_member(3, kQuality), kPassword);
  fail_times(5);
  EXPECT_TRUE(log_in(name_of(UserId{3}), kPassword));
}

TEST_F(LoginTest, ParallelWrongPasswordsAreCountedExactly) {
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) threads.emplace_back([&] { EXPECT_FALSE(log_in_wrong()); });
  }
  EXPECT_EQ(credential(kNadia).failures, 4);
  EXPECT_EQ(credential(kNadia).locked_until, std::nullopt);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) threads.emplace_back([&] { EXPECT_FALSE(log_in_wrong()); });
  }
  EXPECT_EQ(credential(kNadia).failures, 5);
  const auto trail = rows();
  EXPECT_EQ(std::ranges::count(trail, "USERNAME_OR_PASSWORD_INCORRECT", &LoginAuditRow::status), 5);
  EXPECT_EQ(std::ranges::count(trail, "USER_LOCKED_OUT", &LoginAuditRow::status), 7);
}

TEST_F(LoginTest, ParallelLoginsOpenSessionsOfTheirOwn) {
  std::vector<std::string> ids(8);
  {
    std::vector<std::jthread> threads;
    for (std::string& id : ids) threads.emplace_back([&] { id = open_session(); });
  }
  for (const std::string& id : ids) EXPECT_EQ(request(id), std::nullopt);
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 8U);
}

TEST_F(LoginTest, WeakHashIsReplacedOnLogin) {
  Credential weak = make_credential(passwords_, kPassword, clock_.now());
  weak.password_hash = "weak:" + std::string(kPassword);
  put_credential(kNadia, weak);
  EXPECT_FALSE(log_in_wrong());
  EXPECT_EQ(credential(kNadia).password_hash, weak.password_hash);
  clock_.advance(1h);
  EXPECT_TRUE(log_in());
  EXPECT_EQ(credential(kNadia).password_hash, "fake:" + std::string(kPassword));
  EXPECT_EQ(credential(kNadia).password_changed, kNoon) << "the password is still the old one";
  EXPECT_THAT(credential(kNadia).history, IsEmpty());
  EXPECT_TRUE(log_in());
}

// The password is replaced between the verification and the commit of its outcome.
class ChangingHasher final : public PasswordHasher {
 public:
  ChangingHasher(const PasswordHasher& inner, std::function<void()> after_verify)
      : inner_(inner), after_verify_(std::move(after_verify)) {}
  [[nodiscard]] std::string hash(std::string_view password) const override {
    return inner_.hash(password);
  }
  [[nodiscard]] bool verify(std::string_view hash, std::string_view password) const override {
    const bool matches = inner_.verify(hash, password);
    after_verify_();
    return matches;
  }
  [[nodiscard]] bool needs_rehash(std::string_view hash) const override {
    return inner_.needs_rehash(hash);
  }
  [[nodiscard]] const std::string& dummy_hash() const override { return inner_.dummy_hash(); }

 private:
  const PasswordHasher& inner_;
  std::function<void()> after_verify_;
};

TEST_F(LoginTest, PasswordReplacedMeanwhileDoesNotLogIn) {
  const ChangingHasher hasher(passwords_, [this] {
    clock_.advance(1ms);
    put_credential(kNadia, make_credential(passwords_, "New-Pass-22", clock_.now()));
  });
  SessionService sessions(store_, clock_, hasher, hasher_, random_, {});
  const auto answer = sessions.log_in({.user_name = name_of(kNadia),
                                       .password = std::string(kPassword),
                                       .vault_dns = "",
                                       .host = "",
                                       .source_ip = ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().type, ErrorType::kUsernameOrPasswordIncorrect);
}

TEST_F(LoginTest, AccountDisabledMeanwhileDoesNotLogIn) {
  const ChangingHasher hasher(
      passwords_, [this] { change(kNadia, [](User& user) { user.domain_active = false; }); });
  SessionService sessions(store_, clock_, hasher, hasher_, random_, {});
  const auto answer = sessions.log_in({.user_name = name_of(kNadia),
                                       .password = std::string(kPassword),
                                       .vault_dns = "",
                                       .host = "",
                                       .source_ip = ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().type, ErrorType::kInactiveUser);
}

}  // namespace
}  // namespace muster::directory
