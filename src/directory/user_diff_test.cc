#include "directory/user_diff.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "directory/testing.h"
#include "directory/user_fields.h"

namespace muster::directory {
namespace {

// Every field a User holds, the audited ones and the stamps.
constexpr FieldId kStoredOthers[] = {
    FieldId::kIsDomainAdmin,    FieldId::kDomainActive,
    FieldId::kSecurityPolicyId, FieldId::kId,
    FieldId::kCreatedDate,      FieldId::kNeedsToChangePassword,
    FieldId::kCreatedBy,        FieldId::kModifiedDate,
    FieldId::kModifiedBy,       FieldId::kDomainId,
    FieldId::kLastLogin,        FieldId::kVaultMembership,
    FieldId::kAppLicensing,
};

User arbitrary_user() {
  User user = *testing::make_user(*rc::gen::inRange(2, 1'000'000));
  const auto flag = [] { return *rc::gen::arbitrary<bool>(); };
  const auto moment = [] {
    return Timestamp(std::chrono::milliseconds(*rc::gen::inRange<std::int64_t>(0, 4e12)));
  };
  const auto license = [] { return static_cast<LicenseType>(*rc::gen::inRange(0, 5)); };
  for (const FieldId id : text_fields()) user.set_text(id, *rc::gen::arbitrary<std::string>());
  user.is_domain_admin = flag();
  user.domain_active = flag();
  user.needs_to_change_password = flag();
  user.security_policy_id = PolicyId{*rc::gen::inRange(1, 1000)};
  user.created_by = UserId{*rc::gen::inRange(1, 1000)};
  user.modified_by = UserId{*rc::gen::inRange(1, 1000)};
  user.created_date = moment();
  user.modified_date = moment();
  if (flag()) user.last_login = moment();
  for (const VaultId vault : {testing::kQuality, testing::kClinical, testing::kArchive}) {
    const auto profile = ProfileIndex{static_cast<std::uint16_t>(*rc::gen::inRange(0, 8))};
    if (flag()) user.set_membership({vault, profile, license(), flag()});
    if (flag()) user.set_app_license({vault, "exampleDocs_v", license(), flag()});
    if (flag()) user.set_app_license({vault, "A_1", license(), flag()});
  }
  return user;
}

void expect_same(const User& a, const User& b, const Domain& domain) {
  for (const FieldId id : text_fields()) RC_ASSERT(a.text(id) == b.text(id));
  for (const FieldId id : kStoredOthers) {
    RC_ASSERT(field_text(a, id, domain) == field_text(b, id, domain));
  }
  RC_ASSERT(a.memberships == b.memberships);
  RC_ASSERT(a.app_licensing == b.app_licensing);
  RC_ASSERT(a.last_login == b.last_login);
  RC_ASSERT(a.created_date == b.created_date);
}

RC_GTEST_PROP(UserDiff, EveryFieldGoesThereAndBack, ()) {
  const DomainPtr domain = testing::small_domain();
  const User user = arbitrary_user();
  User copy;
  for (const FieldId id : text_fields()) {
    RC_ASSERT(set_field_text(copy, id, field_text(user, id, *domain), *domain).has_value());
  }
  for (const FieldId id : kStoredOthers) {
    RC_ASSERT(set_field_text(copy, id, field_text(user, id, *domain), *domain).has_value());
  }
  expect_same(user, copy, *domain);
}

// The journal replays what diff_users() gives: it must lead from any user to any other.
RC_GTEST_PROP(UserDiff, TheDifferenceLeadsFromOneToTheOther, ()) {
  const DomainPtr domain = testing::small_domain();
  const User before = arbitrary_user();
  User after = arbitrary_user();
  after.id = before.id;
  after.created_by = before.created_by;
  after.modified_by = before.modified_by;
  after.created_date = before.created_date;
  after.modified_date = before.modified_date;
  after.last_login = before.last_login;
  User replayed = before;
  diff_users(&before, after, *domain,
             [&](FieldId id, std::string_view old_text, std::string_view new_text) {
               RC_ASSERT(field_text(before, id, *domain) == old_text);
               RC_ASSERT(old_text != new_text);
               RC_ASSERT(set_field_text(replayed, id, new_text, *domain).has_value());
             });
  expect_same(replayed, after, *domain);
}

std::vector<std::string> visited(const User* before, const User& after) {
  std::vector<std::string> lines;
  diff_users(before, after, *testing::small_domain(),
             [&](FieldId id, std::string_view old_text, std::string_view new_text) {
               lines.push_back(std::string(field(id).name) + ": " + std::string(old_text) + " -> " +
                               std::string(new_text));
             });
  return lines;
}

TEST(UserDiff, ChangesComeInCatalogueOrder) {
  const auto before = testing::make_member(25001, testing::kQuality);
  before->set_text(FieldId::kTitle, "Analyst");
  User after = *before;
  after.set_membership({.vault_id = testing::kQuality, .profile = kVaultOwner});
  after.set_text(FieldId::kCompany, "Example Ltd");
  after.security_policy_id = testing::kStrongPolicy;
  after.is_domain_admin = true;
  after.set_text(FieldId::kTitle, "");
  const std::vector<std::string> expected = {
      "user_title__v: Analyst -> ",
      "is_domain_admin__v: false -> true",
      "security_policy_id__v: 821 -> 822",
      "company__v:  -> Example Ltd",
      "vault_membership: 3003:true:document_user__v:full__v -> 3003:true:vault_owner__v:full__v",
  };
  EXPECT_EQ(visited(before.get(), after), expected);
}

TEST(UserDiff, StampsAndLoginsAreNoChanges) {
  const auto before = testing::make_user(25001);
  User after = *before;
  after.modified_date = testing::kNoon;
  after.modified_by = UserId{25002};
  after.last_login = testing::kNoon;
  EXPECT_EQ(visited(before.get(), after), std::vector<std::string>());
}

TEST(UserDiff, OfANewUserEverySetField) {
  const auto user = testing::make_user(25001);
  const std::vector<std::string> expected = {
      "user_name__v:  -> user25001@example.com",
      "user_first_name__v:  -> First25001",
      "user_last_name__v:  -> Last25001",
      "user_email__v:  -> user25001@mail.example.com",
      "user_timezone__v:  -> Europe/Berlin",
      "user_locale__v:  -> en_US",
      "is_domain_admin__v:  -> false",
      "domain_active__v:  -> true",
      "security_policy_id__v:  -> 821",
      "user_needs_to_change_password__v:  -> false",
      "domain_id__v:  -> 76",
      "user_language__v:  -> en",
  };
  EXPECT_EQ(visited(nullptr, *user), expected);
}

TEST(UserDiff, DerivedFields) {
  Domain domain = testing::small_domain_value();
  domain.groups = {{.id = GroupId{1358979070034},
                    .name = {},
                    .label = {},
                    .description = {},
                    .active = true,
                    .system_group = false,
                    .members = {UserId{25001}}}};
  auto user = testing::make_member(25001, testing::kClinical);
  user->set_membership({.vault_id = testing::kQuality, .active = false});
  EXPECT_EQ(field_text(*user, FieldId::kDomainName, domain), "example.com");
  EXPECT_EQ(field_text(*user, FieldId::kVaultId, domain), "3003,4112");
  EXPECT_EQ(field_text(*user, FieldId::kGroupId, domain), "1358979070034");
  EXPECT_EQ(field_text(*user, FieldId::kActive, domain), "");
}

TEST(UserDiff, TextNobodyWroteIsRefused) {
  struct Row {
    FieldId field;
    const char* text;
  };
  const Row rows[] = {
      {FieldId::kIsDomainAdmin, "TRUE"},     {FieldId::kDomainActive, ""},
      {FieldId::kSecurityPolicyId, "x"},     {FieldId::kId, "+1"},
      {FieldId::kCreatedDate, "yesterday"},  {FieldId::kLastLogin, "x"},
      {FieldId::kVaultMembership, "3003"},   {FieldId::kVaultMembership, "9:true:a:b"},
      {FieldId::kAppLicensing, "3003|a"},    {FieldId::kActive, "true"},
      {FieldId::kDomainName, "example.com"},
  };
  for (const Row& row : rows) {
    User user;
    const auto done = set_field_text(user, row.field, row.text, *testing::small_domain());
    ASSERT_FALSE(done.has_value()) << row.text;
    EXPECT_EQ(done.error().type, ErrorType::kInvalidData);
  }
}

}  // namespace
}  // namespace muster::directory
