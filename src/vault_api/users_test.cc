#include "vault_api/users.h"

#include "directory/user_fields.h"
#include "vault_api/api_testing.h"

namespace muster::vault_api {
namespace {

using directory::FieldId;

class ReadUsers : public ApiTest {
 protected:
  Reply get(const std::string& path, const std::string& session = {}) {
    return call({.path = path, .session = session.empty() ? admin() : session});
  }
  static std::vector<std::int64_t> ids_of(const Reply& reply) {
    std::vector<std::int64_t> ids;
    const auto body = reply.json();
    for (const auto& entry : body.at("users").as_array()) {
      ids.push_back(entry.at("user").at("id").as_int64());
    }
    return ids;
  }
};

TEST_F(ReadUsers, OneUserWithItsFieldsInOrder) {
  EXPECT_EQ(
      get("/objects/users/25002").body,
      R"({"responseStatus":"SUCCESS","users":[{"user":{"user_name__v":"ana.ruiz@example.com",)"
      R"("user_first_name__v":"Ana","user_last_name__v":"Ruiz",)"
      R"("user_email__v":"user25002@mail.example.com","user_timezone__v":"Europe/Berlin",)"
      R"("user_locale__v":"en_US","is_domain_admin__v":false,"active__v":true,)"
      R"("domain_active__v":true,"security_policy_id__v":821,)"
      R"("user_needs_to_change_password__v":false,"id":25002,)"
      R"("created_date__v":"2026-01-03T02:40:00.000Z","created_by__v":1,)"
      R"("modified_date__v":"2026-02-01T02:40:00.000Z","modified_by__v":1,"domain_id__v":76,)"
      R"("domain_name__v":"example.com","vault_id__v":[3003],"user_language__v":"en",)"
      R"("group_id__v":[1,6],"security_profile__v":"document_user__v",)"
      R"("license_type__v":"full__v"}}]})");
}

TEST_F(ReadUsers, MembershipsAndLicensesOnRequestOnly) {
  const Reply reply =
      get("/objects/users/25001?exclude_vault_membership=false&exclude_app_licensing=false");
  EXPECT_TRUE(reply.body.ends_with(
      R"("vault_membership":[{"id":3003,"active__v":true,"security_profile__v":"vault_owner__v",)"
      R"("license_type__v":"full__v"},{"id":4112,"active__v":true,)"
      R"("security_profile__v":"document_user__v","license_type__v":"full__v"}],)"
      R"("app_licensing":[]}}]})"))
      << reply.body;
  for (const char* value : {"true", "False", "0", ""}) {
    const Reply without =
        get("/objects/users/25001?exclude_vault_membership=" + std::string(value));
    EXPECT_EQ(without.body.find("vault_membership"), std::string::npos) << value;
  }
}

TEST_F(ReadUsers, MeIsTheCaller) {
  const std::string session = log_in("ana.ruiz");
  const auto body = get("/objects/users/me", session).json();
  EXPECT_EQ(body.at("users").at(0).at("user").at("id").as_int64(), 25002);
  EXPECT_EQ(body.at("users").at(0).at("user").as_object().if_contains("delegate_user_id"), nullptr);
}

TEST_F(ReadUsers, UserOfAnotherVaultHasNoProfileHere) {
  const std::string in_clinical = sessions_
                                      .log_in({.user_name = "mara.lindt@example.com",
                                               .password = "Muster-1",
                                               .vault_dns = "clinical.example.com",
                                               .host = "",
                                               .source_ip = "192.0.2.10"})
                                      ->session_id;
  const auto user = get("/objects/users/25002", in_clinical).json().at("users").at(0).at("user");
  for (const char* left_out : {"active__v", "security_profile__v", "license_type__v"}) {
    EXPECT_EQ(user.as_object().if_contains(left_out), nullptr) << left_out;
  }
}

TEST_F(ReadUsers, IdsThatNameNobody) {
  for (const char* id : {"99999", "0", "2147483648", "99999999999", "99999999999999999999999"}) {
    EXPECT_EQ(get("/objects/users/" + std::string(id)).error_type(), "USER_NOT_FOUND") << id;
  }
  for (const char* id : {"abc", "-1", "25001.0", "+5"}) {
    EXPECT_EQ(get("/objects/users/" + std::string(id)).error_type(), "INVALID_DATA") << id;
  }
}

TEST_F(ReadUsers, ListOfTheSessionVault) {
  const Reply reply = get("/objects/users");
  EXPECT_TRUE(reply.body.starts_with(
      R"({"responseStatus":"SUCCESS","size":8,"start":0,"limit":200,"sort":"id asc","total":8,)"
      R"("users":[{"user":{"user_name__v":"nadia.brandt@example.com",)"))
      << reply.body;
  EXPECT_EQ(ids_of(reply),
            (std::vector<std::int64_t>{25001, 25002, 25003, 25004, 25005, 25006, 25007, 25008}));
}

TEST_F(ReadUsers, PagesOfTheList) {
  const Reply reply = get("/objects/users?start=6&limit=5");
  EXPECT_EQ(ids_of(reply), (std::vector<std::int64_t>{25007, 25008}));
  const auto body = reply.json();
  EXPECT_EQ(body.at("size").as_int64(), 2);
  EXPECT_EQ(body.at("start").as_int64(), 6);
  EXPECT_EQ(body.at("limit").as_int64(), 5);
  EXPECT_EQ(body.at("total").as_int64(), 8);
  EXPECT_EQ(get("/objects/users?limit=5000").json().at("limit").as_int64(), 1000);
}

TEST_F(ReadUsers, SortOrders) {
  const Reply reply = get("/objects/users?sort=user_name__v%20desc&limit=2");
  EXPECT_EQ(ids_of(reply), (std::vector<std::int64_t>{25004, 25008}));
  EXPECT_EQ(reply.json().at("sort").as_string(), "user_name__v desc");
  EXPECT_EQ(get("/objects/users?sort=id+desc").json().at("users").at(0).at("user").at("id"), 25008);
}

TEST_F(ReadUsers, BadParametersAreNamed) {
  for (const char* query :
       {"limit=0", "limit=-1", "limit=x", "start=-1", "start=1.5", "sort=nickname", "sort=alias__v",
        "sort=id+up", "vaults=9999", "vaults=x"}) {
    EXPECT_EQ(get("/objects/users?" + std::string(query)).error_type(), "INVALID_DATA") << query;
  }
}

TEST_F(ReadUsers, OtherParametersAreIgnored) {
  EXPECT_EQ(get("/objects/users?status__v=active__v&offset=3").json().at("size").as_int64(), 8);
}

TEST_F(ReadUsers, UsersOfOtherVaults) {
  EXPECT_EQ(ids_of(get("/objects/users?vaults=4112")), (std::vector<std::int64_t>{25001, 25006}));
  const auto all = ids_of(get("/objects/users?vaults=all"));
  EXPECT_NE(std::ranges::find(all, 25009), all.end()) << "a domain-only user";
  EXPECT_EQ(get("/objects/users?vaults=all", log_in("ana.ruiz")).error_type(),
            "INSUFFICIENT_ACCESS");
}

class UserMetadata : public ApiTest {};

TEST_F(UserMetadata, EveryPropertyIsComplete) {
  const Reply reply = call({.path = "/metadata/objects/users", .session = log_in("ana.ruiz")});
  const auto body = reply.json();
  const auto& properties = body.at("properties").as_array();
  ASSERT_EQ(properties.size(), directory::kMetadataFieldCount);
  for (const auto& property : properties) {
    EXPECT_TRUE(property.at("name").is_string());
    EXPECT_TRUE(property.at("type").is_string());
    EXPECT_TRUE(property.at("length").is_int64());
    for (const char* flag :
         {"editable", "queryable", "required", "multivalue", "onCreateEditable"}) {
      EXPECT_TRUE(property.at(flag).is_bool()) << flag;
    }
  }
  EXPECT_TRUE(reply.body.starts_with(
      R"({"responseStatus":"SUCCESS","properties":[{"name":"user_name__v","type":"String",)"
      R"("length":255,"editable":true,"queryable":true,"required":true,"multivalue":false,)"
      R"("onCreateEditable":true},)"))
      << reply.body.substr(0, 300);
}

TEST_F(UserMetadata, ClosedListsAreSpelledOut) {
  const auto body = call({.path = "/metadata/objects/users", .session = admin()}).json();
  std::map<std::string, std::string> first_value;
  for (const auto& property : body.at("properties").as_array()) {
    if (const auto* values = property.as_object().if_contains("values")) {
      first_value[std::string(property.at("name").as_string())] =
          boost::json::serialize(values->at(0));
    }
  }
  ASSERT_EQ(first_value.size(), 4U);
  EXPECT_EQ(first_value["security_profile__v"],
            R"({"value":"business_admin__v","label":"Business Administrator"})");
  EXPECT_TRUE(first_value.contains("user_timezone__v"));
  EXPECT_TRUE(first_value.contains("user_locale__v"));
  EXPECT_TRUE(first_value.contains("user_language__v"));
}

TEST_F(UserMetadata, ReferencesNameTheirObject) {
  const std::string body = call({.path = "/metadata/objects/users", .session = admin()}).body;
  EXPECT_NE(
      body.find(R"({"name":"vault_id__v","type":"ObjectReference","length":20,"object":"vaults",)"
                R"("editable":false,"queryable":true,"required":true,"multivalue":true,)"
                R"("onCreateEditable":false})"),
      body.npos);
  EXPECT_NE(body.find(R"("picklist":"license_type__v")"), body.npos);
}

}  // namespace
}  // namespace muster::vault_api
