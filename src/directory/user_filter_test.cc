#include "directory/user_filter.h"

#include <gtest/gtest.h>

#include <string>

#include "directory/testing.h"
#include "directory/user_value.h"

namespace muster::directory {
namespace {

using testing::kClinical;
using testing::kQuality;

std::shared_ptr<User> clerk() {
  auto user = testing::make_member(25001, kQuality);
  user->set_text(FieldId::kTitle, "Clerk");
  return user;
}

TEST(TextTest, ListsTellCaseApartUnlessToldNotTo) {
  EXPECT_TRUE(TextTest::one_of({"b", "Clerk", "a"}).matches("Clerk"));
  EXPECT_FALSE(TextTest::one_of({"b", "Clerk", "a"}).matches("clerk"));
  EXPECT_TRUE(TextTest::one_of_ignoring_case({"b", "Clerk", "Z"}).matches("CLERK"));
  EXPECT_TRUE(TextTest::one_of_ignoring_case({"Clerk"}).matches("cLERK"));
  EXPECT_FALSE(TextTest::one_of({}).matches("a"));
}

TEST(TextTest, Patterns) {
  const struct {
    std::string_view pattern;
    std::string_view text;
    bool matches;
  } cases[] = {
      {"Cl%", "Clerk", true},  {"Cl%", "Cl", true},      {"Cl%", "cl", false},
      {"%rk", "Clerk", true},  {"%rk", "rk", true},      {"%rk", "Clerks", false},
      {"%er%", "Clerk", true}, {"C%r%k", "Clerk", true}, {"C%k%r", "Clerk", false},
      {"ab%ba", "aba", false}, {"ab%ba", "abba", true},  {"%", "x", true},
      {"%%", "x", true},       {"Clerk", "Clerk", true}, {"Cler", "Clerk", false},
      {"%a%a%", "xaxa", true}, {"%a%a%", "xa", false},   {"C_erk", "Clerk", false},
      {"%aab", "aaab", true},  {"", "x", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(TextTest::like(c.pattern, false).matches(c.text), c.matches)
        << c.pattern << " " << c.text;
  }
  EXPECT_TRUE(TextTest::like("cL%RK", true).matches("Clerk"));
  EXPECT_TRUE(TextTest::like("%LeR%", true).matches("Clerk"));
}

TEST(TextTest, RangesFollowTheOrderOfLists) {
  const auto range = TextTest::between(TextBound{"b", true}, TextBound{"D", false});
  EXPECT_FALSE(range.matches("a"));
  EXPECT_TRUE(range.matches("B"));
  EXPECT_TRUE(range.matches("Cx"));
  EXPECT_FALSE(range.matches("d"));
  EXPECT_TRUE(TextTest::between(TextBound{"b", false}, std::nullopt).matches("zz"));
  EXPECT_FALSE(TextTest::between(TextBound{"b", false}, std::nullopt).matches("B"));
}

TEST(UserFilter, TheEmptyOneMatchesEverybody) {
  EXPECT_TRUE(UserFilter().matches(*clerk(), kQuality));
}

TEST(UserFilter, TextsNumbersAndMemberships) {
  const auto user = clerk();
  const auto matches = [&](const UserFilter& filter) { return filter.matches(*user, kQuality); };
  EXPECT_TRUE(matches(UserFilter::text(FieldId::kTitle, TextTest::one_of({"Clerk"}))));
  EXPECT_TRUE(matches(UserFilter::full_name(TextTest::one_of({"First25001 Last25001"}))));
  EXPECT_TRUE(matches(UserFilter::number(FieldId::kId, {.low = 25001, .high = 25001})));
  EXPECT_FALSE(matches(UserFilter::number(FieldId::kId, {.low = 25002})));
  EXPECT_TRUE(matches(UserFilter::one_of(FieldId::kId, {99, 25001, 5})));
  EXPECT_TRUE(matches(UserFilter::one_of(FieldId::kActive, {1})));
  EXPECT_TRUE(matches(UserFilter::member_of({4112, 3003})));
  EXPECT_FALSE(matches(UserFilter::member_of({4112})));
}

TEST(UserFilter, MembershipFieldsAreThoseOfTheVault) {
  auto user = clerk();
  user->set_membership({kClinical, kVaultOwner, LicenseType::kExternal, false});
  const auto inactive = UserFilter::one_of(FieldId::kActive, {0});
  EXPECT_FALSE(inactive.matches(*user, kQuality));
  EXPECT_TRUE(inactive.matches(*user, kClinical));
  EXPECT_TRUE(
      UserFilter::one_of(FieldId::kSecurityProfile, {kVaultOwner.value}).matches(*user, kClinical));
  EXPECT_TRUE(UserFilter::not_set(FieldId::kActive).matches(*user, testing::kArchive));
}

TEST(UserFilter, WhatIsNotSetMeetsOnlyNegations) {
  const auto user = clerk();
  const auto matches = [&](const UserFilter& filter) { return filter.matches(*user, kQuality); };
  EXPECT_TRUE(matches(UserFilter::not_set(FieldId::kCompany)));
  EXPECT_FALSE(matches(UserFilter::not_set(FieldId::kCompany).negated()));
  EXPECT_FALSE(matches(UserFilter::text(FieldId::kCompany, TextTest::like("%", false))));
  EXPECT_TRUE(matches(UserFilter::text(FieldId::kCompany, TextTest::one_of({"x"})).negated()));
  EXPECT_TRUE(matches(UserFilter::not_set(FieldId::kLastLogin)));
  EXPECT_FALSE(matches(UserFilter::number(FieldId::kLastLogin, {})));
}

TEST(UserFilter, Joined) {
  const auto yes = UserFilter::one_of(FieldId::kId, {25001});
  const auto no = UserFilter::one_of(FieldId::kId, {1});
  const auto user = clerk();
  EXPECT_FALSE(UserFilter::all_of({yes, no}).matches(*user, kQuality));
  EXPECT_TRUE(UserFilter::any_of({no, yes}).matches(*user, kQuality));
  EXPECT_TRUE(
      UserFilter::all_of({yes, UserFilter::any_of({no, no}).negated()}).matches(*user, kQuality));
}

}  // namespace
}  // namespace muster::directory
