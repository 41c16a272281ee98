#include "directory/delegated_login.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "directory/session_testing.h"

namespace muster::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kArchive;
using testing::kClinical;
using testing::kNadia;
using testing::kQuality;

constexpr UserId kDan{3};

// Nadia lets Dan act for her in Quality and in the inactive Archive.
class DelegatedLoginTest : public testing::SessionFixture {
 protected:
  DelegatedLoginTest() {
    add(testing::make_member(kDan.value, kQuality), testing::kPassword);
    change_domain([](Domain& domain) {
      domain.delegations = {{kQuality, kNadia, kDan}, {kArchive, kNadia, kDan}};
    });
  }

  Caller dan() {
    return ask([](Reader& reader) {
      return testing::make_caller(reader.domain(), reader.find_users(std::vector{kDan})->front());
    });
  }

  std::vector<VaultId> usable_vaults() {
    const auto grants = sessions_->delegations_of(dan());
    EXPECT_TRUE(grants);
    std::vector<VaultId> vaults;
    for (const Delegation& grant : *grants) {
      EXPECT_EQ(grant.delegator, kNadia);
      vaults.push_back(grant.vault_id);
    }
    return vaults;
  }

  ErrorType refusal(const Caller& caller, VaultId vault, UserId delegator) {
    const auto id = sessions_->log_in_as_delegate(caller, vault, delegator, "192.0.2.1");
    EXPECT_FALSE(id);
    return id ? ErrorType::kUnexpectedError : id.error().type;
  }
};

TEST_F(DelegatedLoginTest, ActsForTheDelegatorInThatVault) {
  const auto id = sessions_->log_in_as_delegate(dan(), kQuality, kNadia, "192.0.2.1");
  ASSERT_TRUE(id);
  const auto caller = sessions_->authenticate(*id);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->user->id, kNadia);
  EXPECT_EQ(caller->delegate->id, kDan);
  EXPECT_EQ(caller->vault_id, kQuality);
  EXPECT_EQ(refusal(*caller, kQuality, kNadia), ErrorType::kOperationNotAllowed);
}

TEST_F(DelegatedLoginTest, LeavesARowAboutWhoActs) {
  ASSERT_TRUE(sessions_->log_in_as_delegate(dan(), kQuality, kNadia, "192.0.2.1"));
  const auto page = ask([&](Reader& reader) {
    return *reader.login_audit({.from = clock_.now(), .to = clock_.now()});
  });
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.rows[0].type, "Delegated Login");
  EXPECT_EQ(page.rows[0].user_id, kDan);
  EXPECT_EQ(page.rows[0].source_ip, "192.0.2.1");
}

TEST_F(DelegatedLoginTest, OnlyGrantsThatCanBeUsedCount) {
  EXPECT_THAT(usable_vaults(), ElementsAre(kQuality));
  EXPECT_EQ(refusal(dan(), kArchive, kNadia), ErrorType::kInsufficientAccess);
  EXPECT_EQ(refusal(dan(), kClinical, kNadia), ErrorType::kInsufficientAccess);
  EXPECT_EQ(refusal(dan(), kQuality, kDan), ErrorType::kInsufficientAccess);
  change(kNadia, [](User& nadia) { nadia.domain_active = false; });
  EXPECT_THAT(usable_vaults(), IsEmpty());
  EXPECT_EQ(refusal(dan(), kQuality, kNadia), ErrorType::kInsufficientAccess);
}

TEST_F(DelegatedLoginTest, TheCallerIsLookedUpAgain) {
  const Caller earlier = dan();
  change(kDan, [](User& dan) { dan.domain_active = false; });
  EXPECT_EQ(refusal(earlier, kQuality, kNadia), ErrorType::kInvalidSessionId);
}

}  // namespace
}  // namespace muster::directory
