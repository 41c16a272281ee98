#include "directory/login_vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/testing.h"

namespace muster::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kArchive;
using testing::kClinical;
using testing::kQuality;

constexpr VaultId kNone{};

std::shared_ptr<User> member_of_all() {
  auto user = testing::make_user(25001);
  for (const VaultId vault : {kQuality, kClinical, kArchive}) {
    user->set_membership({.vault_id = vault});
  }
  return user;
}

class ChooseVault : public ::testing::Test {
 protected:
  VaultId choose(std::string_view dns, VaultId last = kNone) const {
    return choose_vault(domain_, login_vaults(domain_, *user_), dns, last);
  }

  Domain domain_ = testing::small_domain_value();
  std::shared_ptr<User> user_ = member_of_all();
};

TEST_F(ChooseVault, DnsDecides) {
  EXPECT_EQ(choose("clinical.example.com", kQuality), kClinical);
  EXPECT_EQ(choose("quality.example.com", kClinical), kQuality);
}

TEST_F(ChooseVault, DnsIsComparedIgnoringCaseAndPort) {
  EXPECT_EQ(choose("Clinical.EXAMPLE.com"), kClinical);
  EXPECT_EQ(choose("clinical.example.com:8443"), kClinical);
  domain_.vaults[1].dns = "clinical.example.com:8443";
  EXPECT_EQ(choose("clinical.example.com"), kClinical);
  EXPECT_EQ(choose("clinical.example.com:8443"), kClinical);
  EXPECT_EQ(choose("clinical.example.com:9000"), kQuality);
}

TEST_F(ChooseVault, VaultsOfOneHostDifferByPort) {
  domain_.vaults[0].dns = "localhost:8001";
  domain_.vaults[1].dns = "localhost:8002";
  EXPECT_EQ(choose("localhost:8002"), kClinical);
  EXPECT_EQ(choose("localhost:8001", kClinical), kQuality);
}

TEST_F(ChooseVault, ColonsOfAnAddressAreNoPort) {
  domain_.vaults[0].dns = "[::2]";
  domain_.vaults[1].dns = "[::1]";
  EXPECT_EQ(choose("[::1]:8443"), kClinical);
  EXPECT_EQ(choose("[::1]"), kClinical);
}

TEST_F(ChooseVault, PartOfADnsIsNoMatch) {
  EXPECT_EQ(choose("clinical.example.com.evil.example"), kQuality);
  EXPECT_EQ(choose("clinical"), kQuality);
  EXPECT_EQ(choose(":8443"), kQuality);
  EXPECT_EQ(choose(":"), kQuality);
}

TEST_F(ChooseVault, UnknownDnsFallsBackToTheLastVault) {
  EXPECT_EQ(choose("other.example.com", kClinical), kClinical);
  EXPECT_EQ(choose("", kClinical), kClinical);
}

TEST_F(ChooseVault, InactiveVaultFallsBackToo) {
  EXPECT_EQ(choose("archive.example.com", kClinical), kClinical);
  EXPECT_EQ(choose("", kArchive), kQuality);
}

TEST_F(ChooseVault, VaultWithoutActiveMembershipFallsBackToo) {
  user_->set_membership({.vault_id = kClinical, .active = false});
  EXPECT_EQ(choose("clinical.example.com"), kQuality);
  EXPECT_EQ(choose("", kClinical), kQuality);
}

TEST(IsSameDns, OnlyDigitsAreAPort) {
  EXPECT_TRUE(is_same_dns("quality.example.com:8443", "Quality.example.com"));
  EXPECT_TRUE(is_same_dns("[::1]:8443", "[::1]"));
  for (const char* dns :
       {"quality.example.com:", "quality.example.com:evil/\"x", "quality.example.com:8443/",
        "quality.example.com:123456", "quality.example.com:-1"}) {
    EXPECT_FALSE(is_same_dns(dns, "quality.example.com")) << dns;
  }
}

TEST_F(ChooseVault, NeverLoggedInGetsTheOldest) { EXPECT_EQ(choose(""), kQuality); }

TEST(LoginVaults, ActiveVaultsWithActiveMembershipOldestFirst) {
  const Domain domain = testing::small_domain_value();
  EXPECT_THAT(login_vaults(domain, *member_of_all()), ElementsAre(kQuality, kClinical));
  EXPECT_THAT(login_vaults(domain, *testing::make_member(1, kClinical)), ElementsAre(kClinical));
  EXPECT_THAT(login_vaults(domain, *testing::make_member(1, kArchive)), IsEmpty());
  EXPECT_THAT(login_vaults(domain, *testing::make_user(1)), IsEmpty());
}

TEST(LoginVaults, DomainAdminWithoutMembershipMayEnterEveryActiveVault) {
  const Domain domain = testing::small_domain_value();
  auto admin = testing::make_user(25001);
  admin->is_domain_admin = true;
  EXPECT_THAT(login_vaults(domain, *admin), ElementsAre(kQuality, kClinical));
  admin->set_membership({.vault_id = kClinical});
  EXPECT_THAT(login_vaults(domain, *admin), ElementsAre(kClinical));
}

TEST(MayEnter, NeedsActiveAccountActiveVaultAndActiveMembership) {
  const Domain domain = testing::small_domain_value();
  auto user = member_of_all();
  EXPECT_TRUE(may_enter(domain, *user, kQuality));
  EXPECT_FALSE(may_enter(domain, *user, kArchive));
  EXPECT_FALSE(may_enter(domain, *user, VaultId{99}));
  user->set_membership({.vault_id = kQuality, .active = false});
  EXPECT_FALSE(may_enter(domain, *user, kQuality));
  user->is_domain_admin = true;
  EXPECT_TRUE(may_enter(domain, *user, kQuality));
  user->domain_active = false;
  EXPECT_FALSE(may_enter(domain, *user, kQuality));
  EXPECT_FALSE(may_enter(domain, *user, kClinical));
}

}  // namespace
}  // namespace muster::directory
