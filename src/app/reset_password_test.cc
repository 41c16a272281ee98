#include "app/reset_password.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "directory/fake_secrets.h"
#include "directory/testing.h"
#include "store/memory/memory_store.h"

namespace muster::app {
namespace {

using namespace directory;

constexpr UserId kUser{25001};
constexpr Digest kSession{7};

class ResetPassword : public ::testing::Test {
 protected:
  ResetPassword() {
    auto user = directory::testing::make_user(kUser.value);
    auto sso = directory::testing::make_user(25002);
    sso->security_policy_id = PolicyId{900};
    Domain domain = directory::testing::small_domain_value();
    SecurityPolicy single_sign_on;
    single_sign_on.id = PolicyId{900};
    single_sign_on.sso = true;
    domain.policies.push_back(single_sign_on);
    auto system = directory::testing::make_user(kSystemUserId.value);
    EXPECT_TRUE(store_.write({}, [&](Transaction& tx) -> Result<void> {
      EXPECT_TRUE(tx.put_domain(domain));
      EXPECT_TRUE(tx.put_users({{nullptr, user}, {nullptr, sso}, {nullptr, system}}));
      Credential locked;
      locked.password_hash = "fake:Old-Pass-01";
      locked.failures = 5;
      locked.locked_until = clock_.now() + std::chrono::minutes{30};
      EXPECT_TRUE(tx.put_credential(kUser, locked));
      Session session;
      session.id_hash = kSession;
      session.user_id = kUser;
      return tx.put_session(session);
    }));
  }

  Result<void> reset(const std::string& name, std::string_view password) {
    return reset_password(store_, passwords_, clock_, name, password);
  }

  Credential credential() {
    std::optional<Credential> found;
    EXPECT_TRUE(store_.read([&](Reader& reader) -> Result<void> {
      found = *reader.find_credential(kUser);
      return {};
    }));
    return found.value_or(Credential{});
  }

  bool session_is_open() {
    bool open = false;
    EXPECT_TRUE(store_.read([&](Reader& reader) -> Result<void> {
      open = reader.find_session(kSession)->has_value();
      return {};
    }));
    return open;
  }

  store::MemoryStore store_;
  directory::testing::StandingClock clock_;
  directory::testing::FakePasswordHasher passwords_;
};

TEST_F(ResetPassword, EndsLockoutAndSessions) {
  ASSERT_TRUE(session_is_open());
  ASSERT_TRUE(reset("User25001@Example.com", "New-Pass-01"));
  const Credential now = credential();
  EXPECT_TRUE(passwords_.verify(now.password_hash, "New-Pass-01"));
  EXPECT_FALSE(now.locked_until);
  EXPECT_EQ(now.failures, 0);
  EXPECT_FALSE(session_is_open());
}

TEST_F(ResetPassword, RefusalsChangeNothing) {
  EXPECT_EQ(reset("nobody@example.com", "New-Pass-01").error(),
            (Error{ErrorType::kUserNotFound, "There is no user nobody@example.com."}));
  EXPECT_EQ(reset("user25001@example.com", "short").error().type, ErrorType::kInvalidData);
  EXPECT_EQ(reset("user25002@example.com", "New-Pass-01").error().type,
            ErrorType::kOperationNotAllowed);
  EXPECT_EQ(reset("user1@example.com", "New-Pass-01").error().type,
            ErrorType::kOperationNotAllowed);
  EXPECT_EQ(credential().password_hash, "fake:Old-Pass-01");
  EXPECT_TRUE(session_is_open());
}

}  // namespace
}  // namespace muster::app
