#include "directory/password_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "directory/fake_secrets.h"
#include "directory/testing.h"

namespace muster::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kNoon;

SecurityPolicy policy_without_rules() {
  SecurityPolicy policy;
  policy.require_number = policy.require_uppercase = policy.require_nonalphanumeric = false;
  policy.min_length = 7;
  return policy;
}

// The message of the broken rule; "" when the password is fine.
std::string broken_rule(const SecurityPolicy& policy, std::string_view password) {
  const auto checked = check_new_password(policy, password);
  if (checked) return "";
  EXPECT_EQ(checked.error().type, ErrorType::kInvalidData);
  return checked.error().message;
}

TEST(NewPassword, MustHaveADigit) {
  SecurityPolicy policy = policy_without_rules();
  EXPECT_EQ(broken_rule(policy, "password"), "");
  policy.require_number = true;
  EXPECT_THAT(broken_rule(policy, "password"), HasSubstr("digit"));
  EXPECT_EQ(broken_rule(policy, "password1"), "");
}

TEST(NewPassword, MustHaveAnUpperCaseLetter) {
  SecurityPolicy policy = policy_without_rules();
  policy.require_uppercase = true;
  EXPECT_THAT(broken_rule(policy, "password1"), HasSubstr("upper-case"));
  EXPECT_EQ(broken_rule(policy, "passworD"), "");
}

TEST(NewPassword, MustHaveACharacterThatIsNeitherLetterNorDigit) {
  SecurityPolicy policy = policy_without_rules();
  policy.require_nonalphanumeric = true;
  EXPECT_THAT(broken_rule(policy, "Password1"), HasSubstr("neither letter nor digit"));
  EXPECT_EQ(broken_rule(policy, "pass word"), "");
  EXPECT_EQ(broken_rule(policy, "pass-word"), "");
}

TEST(NewPassword, LengthCountsCharacters) {
  SecurityPolicy policy = policy_without_rules();
  for (const int length : {7, 8, 10, 12}) {
    policy.min_length = length;
    const auto chars = static_cast<std::size_t>(length);
    EXPECT_THAT(broken_rule(policy, std::string(chars - 1, 'x')),
                HasSubstr("at least " + std::to_string(length)));
    EXPECT_EQ(broken_rule(policy, std::string(chars, 'x')), "");
  }
  policy.min_length = 7;
  EXPECT_THAT(broken_rule(policy, "\U0001F511\U0001F511\U0001F511"), HasSubstr("at least 7"));
  EXPECT_THAT(broken_rule(policy, ""), HasSubstr("at least 7"));
}

TEST(NewPassword, IsAtMost256Bytes) {
  const SecurityPolicy policy = policy_without_rules();
  EXPECT_EQ(broken_rule(policy, std::string(256, 'x')), "");
  EXPECT_THAT(broken_rule(policy, std::string(257, 'x')), HasSubstr("256 bytes"));
}

TEST(NewPassword, MessageNeverQuotesThePassword) {
  SecurityPolicy policy = policy_without_rules();
  policy.require_number = true;
  policy.min_length = 12;
  for (const std::string secret : {"zebra", "zebra-and-quagga"}) {
    EXPECT_THAT(broken_rule(policy, secret),
                ::testing::AllOf(::testing::Not(""), ::testing::Not(HasSubstr("zebra"))));
  }
}

class Reuse : public ::testing::Test {
 protected:
  bool is_refused(int history_reuse, std::string_view password) const {
    SecurityPolicy policy;
    policy.history_reuse = history_reuse;
    const auto checked = check_not_reused(hasher_, policy, credential_, password);
    if (checked) return false;
    EXPECT_EQ(checked.error().type, ErrorType::kInvalidData);
    return true;
  }

  testing::FakePasswordHasher hasher_;
  Credential credential_ = with_history({"1", "2", "3", "4", "5"});

 private:
  [[nodiscard]] Credential with_history(const std::vector<std::string>& newest_first) const {
    Credential credential = make_credential(hasher_, "now", kNoon);
    for (const std::string& password : newest_first) {
      credential.history.push_back(hasher_.hash(password));
    }
    return credential;
  }
};

TEST_F(Reuse, LastThreeAreTodaysAndTwoEarlierOnes) {
  for (const auto* password : {"now", "1", "2"}) EXPECT_TRUE(is_refused(3, password)) << password;
  for (const auto* password : {"3", "4", "new"}) EXPECT_FALSE(is_refused(3, password)) << password;
}

TEST_F(Reuse, LastFive) {
  for (const auto* password : {"now", "1", "4"}) EXPECT_TRUE(is_refused(5, password)) << password;
  EXPECT_FALSE(is_refused(5, "5"));
}

TEST_F(Reuse, UnlimitedReuseVerifiesNothing) {
  EXPECT_FALSE(is_refused(0, "now"));
  EXPECT_EQ(hasher_.verifications(), 0);
}

TEST_F(Reuse, ShortHistoryIsFine) {
  credential_.history.clear();
  EXPECT_TRUE(is_refused(5, "now"));
  EXPECT_FALSE(is_refused(5, "1"));
}

TEST(PasswordExpiry, BeginsOnItsDay) {
  const Credential credential = make_credential(testing::FakePasswordHasher(), "x", kNoon);
  SecurityPolicy policy;
  for (const int days : {90, 180}) {
    policy.expiration_days = days;
    const Timestamp due = kNoon + std::chrono::days(days);
    EXPECT_FALSE(is_password_expired(policy, credential, due - std::chrono::milliseconds(1)));
    EXPECT_TRUE(is_password_expired(policy, credential, due));
  }
  policy.expiration_days = 0;
  EXPECT_FALSE(is_password_expired(policy, credential, kNoon + std::chrono::years(100)));
}

TEST(Credential, FirstPasswordStartsClean) {
  const testing::FakePasswordHasher hasher;
  const Credential made = make_credential(hasher, "Muster-1", kNoon);
  EXPECT_TRUE(hasher.verify(made.password_hash, "Muster-1"));
  EXPECT_EQ(made.password_changed, kNoon);
  EXPECT_TRUE(made.history.empty());
  EXPECT_EQ(made.failures, 0);
  EXPECT_EQ(made.locked_until, std::nullopt);
}

TEST(Credential, NewPasswordEndsTheLockoutAndKeepsTheLastVault) {
  const testing::FakePasswordHasher hasher;
  Credential old = make_credential(hasher, "old", kNoon);
  old.failures = 5;
  old.locked_until = kNoon + std::chrono::minutes(30);
  old.last_vault = testing::kClinical;
  const Timestamp later = kNoon + std::chrono::minutes(1);
  const Credential fresh = replace_password(hasher, old, "new", later);
  EXPECT_EQ(fresh.password_hash, "fake:new");
  EXPECT_EQ(fresh.password_changed, later);
  EXPECT_EQ(fresh.failures, 0);
  EXPECT_EQ(fresh.locked_until, std::nullopt);
  EXPECT_EQ(fresh.last_vault, testing::kClinical);
  EXPECT_THAT(fresh.history, ElementsAre("fake:old"));
}

TEST(Credential, HistoryKeepsTheFiveNewest) {
  const testing::FakePasswordHasher hasher;
  Credential credential = make_credential(hasher, "0", kNoon);
  for (const auto* password : {"1", "2", "3", "4", "5", "6", "7"}) {
    credential = replace_password(hasher, credential, password, kNoon);
  }
  EXPECT_EQ(credential.password_hash, "fake:7");
  EXPECT_THAT(credential.history, ElementsAre("fake:6", "fake:5", "fake:4", "fake:3", "fake:2"));
}

}  // namespace
}  // namespace muster::directory
