#include "app/demo_directory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include "app/demo_names.h"
#include "base/text.h"
#include "directory/batch_plan.h"
#include "directory/user_diff.h"
#include "directory/user_fields.h"

namespace muster::app {
namespace {

using namespace directory;

constexpr std::int64_t kMany = 5000;  // more than there are names

TEST(DemoDirectory, SameNumberGivesTheSameUser) {
  const User user = demo_user(0);
  EXPECT_EQ(user.id, UserId{25001});
  EXPECT_EQ(user.user_name(), "juergen.mueller@example.com");
  for (const FieldId field : text_fields()) {
    EXPECT_EQ(user.text(field), demo_user(0).text(field)) << directory::field(field).name;
  }
  EXPECT_EQ(demo_user(741).memberships, demo_user(741).memberships);
}

TEST(DemoDirectory, IdsAreDenseAndNamesUnique) {
  std::set<std::string> names;
  std::set<std::string> federated;
  for (std::int64_t i = 0; i < kMany; ++i) {
    const User user = demo_user(i);
    EXPECT_EQ(user.id.value, 25001 + i);
    EXPECT_TRUE(names.insert(fold_user_name(user.user_name())).second) << user.user_name();
    EXPECT_TRUE(federated.insert(std::string(user.text(FieldId::kFederatedId))).second);
  }
}

TEST(DemoDirectory, EveryUserHasTheRequiredFieldsWithinTheirLengths) {
  for (std::int64_t i = 0; i < kMany; ++i) {
    const User user = demo_user(i);
    for (const FieldId id : text_fields()) {
      const Field& field = directory::field(id);
      EXPECT_FALSE(field.required && user.text(id).empty()) << field.name << " of " << i;
      EXPECT_LE(count_code_points(user.text(id)), field.length) << field.name << " of " << i;
    }
  }
}

TEST(DemoDirectory, EveryUserPassesTheRulesOfTheBulkCalls) {
  const auto domain = std::make_shared<const Domain>(demo_domain());
  for (std::int64_t i = 0; i < 500; ++i) {
    const User user = demo_user(i);
    BatchPlanBuilder builder(domain, BatchRules{});
    ASSERT_TRUE(builder.begin_record());
    builder.cell("id", {ValueKind::kText, to_string(user.id)});
    for (const FieldId id : text_fields()) {
      if (!user.text(id).empty()) builder.cell(field(id).name, {ValueKind::kText, user.text(id)});
    }
    for (const FieldId id : {FieldId::kVaultMembership, FieldId::kAppLicensing}) {
      builder.cell(field(id).name, {ValueKind::kText, field_text(user, id, *domain)});
    }
    builder.end_record();
    const BatchPlan plan = builder.take();
    for (const Error& error : plan.records.front().errors) ADD_FAILURE() << error.message;
  }
}

TEST(DemoDirectory, NamesComeInSeveralScripts) {
  std::set<std::string> languages;
  std::set<std::string> given_names;
  for (std::int64_t i = 0; i < 1000; ++i) {
    languages.emplace(demo_user(i).text(FieldId::kLanguage));
    given_names.emplace(demo_user(i).text(FieldId::kFirstName));
  }
  EXPECT_GE(languages.size(), 11U);
  EXPECT_TRUE(given_names.contains("健太"));
  EXPECT_TRUE(given_names.contains("Ольга"));
  EXPECT_TRUE(given_names.contains("Jürgen"));
}

TEST(DemoDirectory, AllProfilesLicensesAndVaultsOccur) {
  std::set<ProfileIndex> profiles;
  std::set<LicenseType> licenses;
  std::set<VaultId> vaults;
  std::int64_t without = 0;
  std::int64_t inactive = 0;
  for (std::int64_t i = 0; i < 1000; ++i) {
    const User user = demo_user(i);
    without += user.memberships.empty() ? 1 : 0;
    for (const Membership& membership : user.memberships) {
      profiles.insert(membership.profile);
      licenses.insert(membership.license);
      vaults.insert(membership.vault_id);
      inactive += membership.active ? 0 : 1;
    }
  }
  EXPECT_EQ(profiles.size(), standard_profiles().size());
  EXPECT_EQ(licenses.size(), 5U);
  EXPECT_EQ(vaults.size(), demo_domain().vaults.size());
  EXPECT_GT(without, 0);
  EXPECT_GT(inactive, 0);
}

TEST(DemoDirectory, DomainHasThreeVaultsAndOnePolicy) {
  const Domain domain = demo_domain();
  ASSERT_EQ(domain.vaults.size(), 3U);
  EXPECT_EQ(domain.vaults[1].dns, "clinical.example.com");
  EXPECT_NE(domain.find_policy(demo_user(0).security_policy_id), nullptr);
  EXPECT_EQ(domain.id, demo_user(0).domain_id);
}

TEST(DemoNames, LoginsAreLowerCaseLettersAndUniqueInTheirRegion) {
  for (const DemoRegion& region : demo_regions()) {
    for (const auto* names : {&region.given, &region.family}) {
      std::set<std::string_view> logins;
      for (const DemoName& name : *names) {
        EXPECT_FALSE(name.text.empty()) << region.locale;
        EXPECT_TRUE(std::ranges::all_of(name.login, [](char c) { return c >= 'a' && c <= 'z'; }))
            << name.login;
        EXPECT_TRUE(logins.insert(name.login).second) << name.login;
      }
    }
  }
}

}  // namespace
}  // namespace muster::app
