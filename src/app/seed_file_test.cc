#include "app/seed_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "base/time.h"
#include "directory/user_diff.h"

namespace muster::app {
namespace {

namespace json = boost::json;
using namespace directory;
using testing::HasSubstr;
using testing::StartsWith;

json::object valid_user() {
  return {{"id", 25001},
          {"user_name__v", "nadia.brandt@example.com"},
          {"user_first_name__v", "Nadia"},
          {"user_last_name__v", "Brandt"},
          {"user_email__v", "nadia@example.com"},
          {"user_timezone__v", "Europe/Berlin"},
          {"user_locale__v", "de_DE"},
          {"user_language__v", "en"},
          {"security_policy_id__v", 821}};
}

json::object valid_seed() {
  return {{"domain", {{"id", 76}, {"name", "example.com"}}},
          {"vaults",
           {{{"id", 3003}, {"name", "Quality"}, {"dns", "quality.example.com"}},
            {{"id", 4112}, {"name", "Clinical"}, {"dns", "clinical.example.com"}}}},
          {"users", json::array{valid_user()}}};
}

Result<Seed> parse(const json::value& seed) { return parse_seed(json::serialize(seed), "seed"); }

std::string error_of(const json::value& seed) {
  const auto parsed = parse(seed);
  return parsed ? "no error" : parsed.error().message;
}

// The error of a seed whose only user has `value` under `key`.
std::string user_error(std::string_view key, json::value value) {
  json::object user = valid_user();
  user[key] = std::move(value);
  json::object seed = valid_seed();
  seed["users"] = json::array{user};
  return error_of(seed);
}

json::object with(std::string_view section, json::value value) {
  json::object seed = valid_seed();
  seed[section] = std::move(value);
  return seed;
}

TEST(SeedFile, SmallestSeedGetsTheDefaults) {
  const auto seed = parse(valid_seed());
  ASSERT_TRUE(seed) << seed.error().message;
  EXPECT_EQ(seed->domain.name, "example.com");
  EXPECT_EQ(seed->domain.type, "Production");
  ASSERT_EQ(seed->domain.vaults.size(), 2U);
  EXPECT_EQ(seed->domain.vaults[0].family, "quality__v");
  EXPECT_TRUE(seed->domain.vaults[0].active);
  ASSERT_EQ(seed->domain.policies.size(), 1U);
  EXPECT_EQ(seed->domain.policies[0].id, PolicyId{821});
  EXPECT_EQ(seed->domain.profiles.size(), standard_profiles().size());
  ASSERT_EQ(seed->users.size(), 1U);
  EXPECT_EQ(seed->users[0].user.id, UserId{25001});
  EXPECT_EQ(seed->users[0].user.domain_id, DomainId{76});
  EXPECT_TRUE(seed->users[0].user.domain_active);
  EXPECT_TRUE(seed->users[0].user.memberships.empty());
  EXPECT_TRUE(seed->users[0].password.empty());
}

TEST(SeedFile, EverySectionIsRead) {
  json::object seed = valid_seed();
  seed["security_policies"] = {{{"name__v", "821"}, {"label__v", "Basic"}},
                               {{"name__v", 822},
                                {"label__v", "Single Sign-on"},
                                {"authentication_type__v", "SSO"},
                                {"min_password_length__v", 12},
                                {"is_active__v", false}}};
  seed["security_profiles"] = json::array{{{"name__v", "author__c"}, {"label__v", "Author"}}};
  seed["groups"] =
      json::array{{{"label__v", "Authors"}, {"members__v", {25001}}, {"id", 1358979070034}}};
  seed["licenses"] = json::array{{{"license_type__v", "full__v"}, {"licensed", 500}}};
  json::object second = valid_user();
  second["id"] = 25002;
  second["user_name__v"] = "mei.tan@example.com";
  seed["users"] = json::array{valid_user(), second};
  seed["delegations"] =
      json::array{{{"vault_id", 3003}, {"delegator_userid", 25001}, {"delegate_userid", "25002"}}};

  const auto parsed = parse(seed);
  ASSERT_TRUE(parsed) << parsed.error().message;
  const Domain& domain = parsed->domain;
  ASSERT_EQ(domain.policies.size(), 2U);
  EXPECT_TRUE(domain.policies[1].sso);
  EXPECT_FALSE(domain.policies[1].active);
  EXPECT_EQ(domain.policies[1].min_length, 12);
  EXPECT_EQ(domain.profiles.back().name, "author__c");
  ASSERT_EQ(domain.groups.size(), 1U);
  EXPECT_EQ(domain.groups[0].id, GroupId{1358979070034});
  EXPECT_EQ(domain.groups[0].name, "authors__c");
  EXPECT_EQ(domain.groups[0].members, std::vector{UserId{25001}});
  ASSERT_EQ(domain.licenses.size(), 1U);
  EXPECT_EQ(domain.licenses[0].licensed, 500);
  ASSERT_EQ(domain.delegations.size(), 1U);
  EXPECT_EQ(domain.delegations[0].delegate, UserId{25002});
}

TEST(SeedFile, UserFieldsAreRead) {
  json::object object = valid_user();
  object["user_title__v"] = "Director, Quality";
  object["office_phone__v"] = 5551234;
  object["is_domain_admin__v"] = true;
  object["domain_active__v"] = "TRUE";
  object["created_date__v"] = "2024-03-01T08:00:00.000Z";
  object["last_login__v"] = "2025-02-12T07:01:13.000Z";
  object["modified_date__v"] = "2025-02-12T07:01:13.000Z";
  object["vault_id__v"] = {3003, 4112};
  object["group_id__v"] = {1, 6};
  object["password"] = "Nadia-Pass-01";
  object["vault_membership"] = {
      {{"id", 3003}, {"security_profile__v", "vault_owner__v"}},
      {{"vault_id", "4112"}, {"active__v", false}, {"license_type__v", "read_only__v"}}};
  object["app_licensing"] =
      json::array{{{"vault_id", 3003}, {"application_name", "exampleQms_v"}, {"active__v", true}}};
  const auto seed = parse(with("users", json::array{object}));
  ASSERT_TRUE(seed) << seed.error().message;
  const User& user = seed->users[0].user;
  EXPECT_EQ(user.text(FieldId::kTitle), "Director, Quality");
  EXPECT_EQ(user.text(FieldId::kOfficePhone), "5551234");
  EXPECT_TRUE(user.is_domain_admin);
  EXPECT_EQ(format_date_time(user.created_date), "2024-03-01T08:00:00.000Z");
  ASSERT_TRUE(user.last_login);
  EXPECT_EQ(format_date_time(*user.last_login), "2025-02-12T07:01:13.000Z");
  EXPECT_EQ(field_text(user, FieldId::kVaultMembership, seed->domain),
            "3003:true:vault_owner__v:full__v;4112:false:document_user__v:read_only__v");
  EXPECT_EQ(field_text(user, FieldId::kAppLicensing, seed->domain),
            "3003|exampleQms_v:true:full__v");
  EXPECT_EQ(seed->users[0].password, "Nadia-Pass-01");
}

TEST(SeedFile, SessionVaultFieldsMeanTheFirstVault) {
  json::object object = valid_user();
  object["security_profile__v"] = "system_admin__v";
  object["license_type__v"] = "external__v";
  const auto seed = parse(with("users", json::array{object}));
  ASSERT_TRUE(seed) << seed.error().message;
  EXPECT_EQ(field_text(seed->users[0].user, FieldId::kVaultMembership, seed->domain),
            "3003:true:system_admin__v:external__v");
}

TEST(SeedFile, UsersWithoutAnIdGetTheOnesAfterTheHighest) {
  json::object first = valid_user();
  first.erase("id");
  json::object second = valid_user();
  second["id"] = 40000;
  second["user_name__v"] = "mei.tan@example.com";
  const auto seed = parse(with("users", json::array{first, second}));
  ASSERT_TRUE(seed) << seed.error().message;
  EXPECT_EQ(seed->users[0].user.id, UserId{40001});
  EXPECT_EQ(seed->users[1].user.id, UserId{40000});
}

TEST(SeedFile, WrongUserValuesAreNamedWithTheirPath) {
  EXPECT_EQ(user_error("nickname", "x"), "seed: users[0].nickname: unknown key");
  EXPECT_EQ(user_error("id", "me"),
            "seed: users[0].id: a whole number from 1 to 2147483646 is needed");
  EXPECT_EQ(user_error("id", 1), "seed: users[0].id: 1 is the system account");
  EXPECT_EQ(user_error("password", json::string(257, 'x')),
            "seed: users[0].password: at most 256 bytes are allowed");
  EXPECT_EQ(user_error("domain_id__v", 77),
            "seed: users[0].domain_id__v: is not the id of the domain");
  const std::vector<std::pair<std::string_view, json::value>> wrong{
      {"domain_active__v", "maybe"},
      {"user_timezone__v", "Mars/Olympus"},
      {"user_email__v", "nobody"},
      {"security_policy_id__v", 4711},
      {"user_first_name__v", json::string(101, 'x')},
      {"company__v", json::array{"a"}}};
  for (const auto& [key, value] : wrong) {
    const std::string error = user_error(key, value);
    EXPECT_THAT(error, StartsWith("seed: users[0]: "));
    EXPECT_THAT(error, HasSubstr("[" + std::string(key) + "]"));
  }
}

TEST(SeedFile, MissingRequiredFieldIsNamed) {
  for (const char* key : {"user_name__v", "user_last_name__v", "user_timezone__v"}) {
    json::object user = valid_user();
    user.erase(key);
    EXPECT_EQ(error_of(with("users", json::array{user})),
              "seed: users[0]." + std::string(key) + ": is missing");
  }
  EXPECT_THAT(user_error("user_last_name__v", ""), HasSubstr("user_last_name__v"));
}

// Memberships are stored as text with these separators.
TEST(SeedFile, ProfileNamesAreWords) {
  for (const char* name : {"qa:lead", "qa;lead", "qa,lead", " qa"}) {
    EXPECT_EQ(
        error_of(with("security_profiles", json::array{{{"name__v", name}, {"label__v", "Lead"}}})),
        "seed: security_profiles[0].name__v: may hold letters, digits and '_' only");
  }
}

TEST(SeedFile, WrongMembershipsAreRefused) {
  const json::value unknown_vault = json::array{{{"id", 9999}}};
  EXPECT_THAT(user_error("vault_membership", unknown_vault),
              testing::AllOf(StartsWith("seed: users[0]: "), HasSubstr("9999")));
  const json::value unknown_key = json::array{{{"id", 3003}, {"profile", "x"}}};
  EXPECT_EQ(user_error("vault_membership", unknown_key),
            "seed: users[0].vault_membership[0].profile: unknown key");
  const json::value unknown_profile = json::array{{{"id", 3003}, {"security_profile__v", "x__c"}}};
  EXPECT_THAT(user_error("vault_membership", unknown_profile), HasSubstr("x__c"));
}

TEST(SeedFile, IdentitiesAreUnique) {
  json::object same_id = valid_user();
  same_id["user_name__v"] = "other@example.com";
  EXPECT_EQ(error_of(with("users", json::array{valid_user(), same_id})),
            "seed: users[1].id: is used twice");
  json::object same_name = valid_user();
  same_name["id"] = 25002;
  same_name["user_name__v"] = "NADIA.Brandt@example.com";
  EXPECT_EQ(error_of(with("users", json::array{valid_user(), same_name})),
            "seed: users[1].user_name__v: is used twice");
}

TEST(SeedFile, GroupOneIsOfTheSystem) {
  json::object group{{"id", 1}, {"label__v", "Everybody"}};
  const auto seed = parse(with("groups", json::array{group}));
  ASSERT_TRUE(seed) << seed.error().message;
  EXPECT_TRUE(seed->domain.groups[0].system_group);
  group["system_group__v"] = false;
  EXPECT_EQ(error_of(with("groups", json::array{group})),
            "seed: groups[0].system_group__v: must be true of group 1");
}

TEST(SeedFile, WrongSectionsAreNamedWithTheirPath) {
  json::object seed = valid_seed();
  seed.erase("domain");
  EXPECT_EQ(error_of(seed), "seed: domain: is missing");
  EXPECT_EQ(error_of(with("vaults", json::array{})), "seed: vaults: at least one is needed");
  EXPECT_EQ(error_of(with("vaults", json::object{})), "seed: vaults: a list is needed");
  EXPECT_EQ(error_of(with("vaults", json::array{1})), "seed: vaults[0]: an object is needed");
  EXPECT_EQ(error_of(with("vault", json::array{})), "seed: vault: unknown key");
  EXPECT_EQ(error_of(json::object{{"vault", json::array{}}}), "seed: vault: unknown key");
  EXPECT_EQ(error_of(json::array{}), "seed: the document: an object is needed");
  const json::object vault{{"id", 3003}, {"name", "Quality"}, {"dns", "quality.example.com"}};
  EXPECT_EQ(error_of(with("vaults", json::array{vault, vault})),
            "seed: vaults[1].id: is used twice");
  EXPECT_EQ(error_of(with("groups", json::array{{{"label__v", "A"}, {"members__v", {7}}}})),
            "seed: groups[0].members__v: there is no user 7");
  EXPECT_EQ(
      error_of(with(
          "delegations",
          json::array{{{"vault_id", 1}, {"delegator_userid", 25001}, {"delegate_userid", 25001}}})),
      "seed: delegations[0].vault_id: there is no vault 1");
  EXPECT_EQ(error_of(with("licenses", json::array{{{"license_type__v", "x"}, {"licensed", 1}}})),
            "seed: licenses[0].license_type__v: unknown license type [x]");
  EXPECT_EQ(
      error_of(with(
          "security_policies",
          json::array{{{"name__v", "821"}, {"label__v", "Basic"}, {"min_password_length__v", 9}}})),
      "seed: security_policies[0].min_password_length__v: must be one of 7 8 10 12");
}

TEST(SeedFile, BrokenJsonIsNamedWithLineAndColumn) {
  EXPECT_THAT(parse_seed("{\n  \"domain\": ,\n}", "seed").error().message,
              StartsWith("seed:2:13: "));
  EXPECT_EQ(parse_seed("{}\n{}", "seed").error().message,
            "seed:2:1: text after the end of the document");
  EXPECT_THAT(parse_seed("{\"domain\":", "seed").error().message, StartsWith("seed:1:"));
}

TEST(SeedFile, ExampleIsValid) {
  const auto seed = read_seed_file("examples/seed.json");
  ASSERT_TRUE(seed) << seed.error().message;
  EXPECT_EQ(seed->users.size(), 3U);
  EXPECT_EQ(seed->domain.delegations.size(), 1U);
}

TEST(SeedFile, MissingFileIsNamed) {
  EXPECT_EQ(read_seed_file("/nowhere/seed.json").error().message,
            "/nowhere/seed.json: cannot be read: No such file or directory");
}

}  // namespace
}  // namespace muster::app
