#include "directory/user.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "directory/testing.h"
#include "directory/user_fields.h"

namespace muster::directory {
namespace {

RC_GTEST_PROP(User, TextsAreKeptApart,
              (const std::vector<std::pair<std::uint8_t, std::string>>& edits)) {
  User user;
  std::map<FieldId, std::string> expected;
  for (const auto& [index, text] : edits) {
    const FieldId id = text_fields()[index % text_fields().size()];
    user.set_text(id, text);
    expected[id] = text;
  }
  for (const FieldId id : text_fields()) RC_ASSERT(user.text(id) == expected[id]);
}

TEST(User, FullNameOfHalfANameHasNoBlank) {
  User user;
  EXPECT_EQ(user.full_name(), "");
  user.set_text(FieldId::kLastName, "Osei");
  EXPECT_EQ(user.full_name(), "Osei");
  user.set_text(FieldId::kFirstName, "Liam");
  EXPECT_EQ(user.full_name(), "Liam Osei");
}

TEST(User, MembershipsStayInVaultOrder) {
  User user;
  for (const std::int32_t vault : {4112, 3003, 5001, 3003}) {
    user.set_membership({.vault_id = VaultId{vault}, .active = vault != 3003});
  }
  ASSERT_EQ(user.memberships.size(), 3U);
  EXPECT_EQ(user.memberships[0].vault_id, testing::kQuality);
  EXPECT_EQ(user.memberships[1].vault_id, testing::kClinical);
  EXPECT_EQ(user.memberships[2].vault_id, testing::kArchive);
  ASSERT_NE(user.membership(testing::kQuality), nullptr);
  EXPECT_FALSE(user.membership(testing::kQuality)->active);
  EXPECT_EQ(user.membership(VaultId{9}), nullptr);
}

TEST(User, LicenseNamesThereAndBack) {
  for (const char* name :
       {"full__v", "external__v", "read_only__v", "learner_user__v", "view_based__v"}) {
    const auto license = parse_license(name);
    ASSERT_TRUE(license.has_value()) << name;
    EXPECT_EQ(license_name(*license), name);
  }
  EXPECT_EQ(parse_license("Full__v"), std::nullopt);
  EXPECT_EQ(parse_license(""), std::nullopt);
}

TEST(User, NamesFoldInAsciiOnly) {
  EXPECT_EQ(fold_user_name("Nadia.BRANDT@Example.com"), "nadia.brandt@example.com");
  EXPECT_EQ(fold_user_name("ÄNNE@example.com"), "Änne@example.com");
}

TEST(Domain, LookUps) {
  const DomainPtr domain = testing::small_domain();
  EXPECT_EQ(domain->find_vault(testing::kClinical)->name, "Clinical");
  EXPECT_EQ(domain->find_vault(VaultId{1}), nullptr);
  EXPECT_EQ(domain->find_vault_by_dns("QUALITY.example.com")->id, testing::kQuality);
  EXPECT_EQ(domain->find_vault_by_dns("example.com"), nullptr);
  EXPECT_EQ(domain->find_policy(testing::kStrongPolicy)->label, "Strong");
  EXPECT_EQ(domain->find_policy(PolicyId{1}), nullptr);
  EXPECT_EQ(domain->find_profile("vault_owner__v"), kVaultOwner);
  EXPECT_EQ(domain->find_profile("business_admin__v"), kBusinessAdmin);
  EXPECT_EQ(domain->find_profile("view_based_user__v"), kViewBasedUser);
  EXPECT_EQ(domain->find_profile("owner"), std::nullopt);
  EXPECT_EQ(domain->profile_name(kSystemAdmin), "system_admin__v");
}

}  // namespace
}  // namespace muster::directory
