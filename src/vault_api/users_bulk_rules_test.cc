// The field rules of Update Multiple Users as a client sees them (protocol sections 2.5 to 2.13).
#include "vault_api/update_users_testing.h"

namespace muster::vault_api {
namespace {

using directory::FieldId;
using directory::testing::kClinical;
using directory::testing::kQuality;

struct Rule {
  const char* name;
  const char* record;  // a JSON object
  const char* error;   // "TYPE|message", empty for success
};

class FieldRules : public UpdateUsers, public ::testing::WithParamInterface<Rule> {};

TEST_P(FieldRules, Hold) {
  const auto body = put_json("[" + std::string(GetParam().record) + "]").json();
  const auto& record = body.at("data").at(0).as_object();
  std::string error;
  if (const auto* errors = record.if_contains("errors")) {
    for (const auto& entry : errors->as_array()) {
      if (!error.empty()) error += " & ";
      error += std::string(entry.at("type").as_string()) + "|";
      error += entry.at("message").as_string();
    }
  }
  EXPECT_EQ(error, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Values, FieldRules,
    ::testing::Values(Rule{"BooleanText", R"({"id":25001,"domain_active__v":"TRUE"})", ""},
                      Rule{"BooleanNumber", R"({"id":25001,"domain_active__v":1})",
                           "INVALID_DATA|Invalid value [1] for field [domain_active__v]."},
                      Rule{"PolicyAsText", R"({"id":25001,"security_policy_id__v":"822"})", ""},
                      Rule{"UnknownPolicy", R"({"id":25001,"security_policy_id__v":999})",
                           "INVALID_DATA|Invalid value [999] for field [security_policy_id__v]."},
                      Rule{"UnknownLocale", R"({"id":25001,"user_locale__v":"xx_XX"})",
                           "INVALID_DATA|Invalid value [xx_XX] for field [user_locale__v]."},
                      Rule{"BadEmail", R"({"id":25001,"user_email__v":"nobody"})",
                           "INVALID_DATA|Invalid value [nobody] for field [user_email__v]."},
                      Rule{"RequiredNull", R"({"id":25001,"user_email__v":null})",
                           "PARAMETER_REQUIRED|Missing required parameter [user_email__v]"},
                      Rule{"IdAsFraction", R"({"id":25001.0})",
                           "INVALID_DATA|Invalid value [25001.0] for field [id]."},
                      Rule{"BlankMembership", R"({"id":25001,"vault_membership":""})", ""},
                      Rule{"BlankFlag", R"({"id":25006,"is_domain_admin__v":null})", ""}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Fields, FieldRules,
    ::testing::Values(
        Rule{"ReadOnlyEqual", R"({"id":25001,"domain_id__v":76})", ""},
        Rule{"ReadOnlyVaultsEqual", R"({"id":25001,"vault_id__v":[3003,4112]})", ""},
        Rule{"SelfMoving", R"({"id":25001,"modified_by__v":99,"group_id__v":[7]})", ""},
        Rule{"SameProfile", R"({"id":25002,"security_profile__v":"document_user__v"})", ""},
        Rule{"UnknownKey", R"({"id":25001,"nickname":"x"})",
             "ATTRIBUTE_NOT_SUPPORTED|Unknown field [nickname]."},
        Rule{"Picture", R"({"id":25001,"file":"x.png"})",
             "ATTRIBUTE_NOT_SUPPORTED|Field [file] is not supported by this call."},
        Rule{"Password", R"({"id":25001,"password__v":"x"})",
             "ATTRIBUTE_NOT_SUPPORTED|Field [password__v] is not supported by this call."}),
    [](const auto& test) { return test.param.name; });

struct TypedRule {
  const char* name;
  const char* record;
  const char* type;
};

class RecordErrors : public UpdateUsers, public ::testing::WithParamInterface<TypedRule> {};

TEST_P(RecordErrors, HaveTheirType) {
  const auto body = put_json("[" + std::string(GetParam().record) + "]").json();
  const auto& record = body.at("data").at(0).as_object();
  ASSERT_NE(record.if_contains("errors"), nullptr) << boost::json::serialize(record);
  EXPECT_EQ(record.at("errors").at(0).at("type").as_string(), GetParam().type);
}

INSTANTIATE_TEST_SUITE_P(
    Types, RecordErrors,
    ::testing::Values(
        TypedRule{"ReadOnlyDifferent", R"({"id":25001,"domain_id__v":77})", "INVALID_DATA"},
        TypedRule{"OtherProfile", R"({"id":25002,"security_profile":"vault_owner__v"})",
                  "ATTRIBUTE_NOT_SUPPORTED"},
        TypedRule{"LicenseOfANonMember", R"({"id":25009,"license_type__v":"full__v"})",
                  "OPERATION_NOT_ALLOWED"},
        TypedRule{"ContradictingMembership",
                  R"({"id":25002,"active__v":true,"vault_membership":"3003:false"})",
                  "INVALID_DATA"},
        TypedRule{"UnknownVault", R"({"id":25002,"vault_membership":"9999"})", "INVALID_DATA"},
        TypedRule{"VaultTwice", R"({"id":25002,"vault_membership":"4112;4112:false"})",
                  "INVALID_DATA"},
        TypedRule{"FiveParts", R"({"id":25002,"vault_membership":"4112:true:a:b:c"})",
                  "INVALID_DATA"},
        TypedRule{"OwnAccountDisabled", R"({"id":25006,"domain_active__v":false})",
                  "OPERATION_NOT_ALLOWED"},
        TypedRule{"NameInUse", R"({"id":25002,"user_name__v":"NADIA.brandt@example.com"})",
                  "INVALID_DATA"},
        TypedRule{"NameOfAnotherDomain", R"({"id":25002,"user_name__v":"ana@other.example"})",
                  "INVALID_DATA"},
        TypedRule{"FederatedIdTaken", R"({"id":25002,"federated_id__v":"e-4711"})",
                  "FEDERATED_ID_ALREADY_EXISTS"}),
    [](const auto& test) { return test.param.name; });

TEST_F(UpdateUsers, UserOutOfReachFailsAlone) {
  TestCall wanted = make_put("text/csv", "id,user_title__v\n25009,A\n25002,B\n", "text/csv");
  wanted.session = log_in("nadia.brandt");
  const Reply reply = call(wanted);
  EXPECT_TRUE(reply.body.starts_with(kResultHeader + "FAILURE,25009,\"\"\"INSUFFICIENT_ACCESS|"))
      << reply.body;
  EXPECT_TRUE(reply.body.ends_with("SUCCESS,25002,\n"));
}

TEST_F(UpdateUsers, ShortMembershipKeepsProfileAndLicense) {
  (void)put_csv("id,vault_membership\n25001,3003:false\n");
  EXPECT_FALSE(stored(25001)->membership(kQuality)->active);
  EXPECT_EQ(stored(25001)->membership(kQuality)->profile, directory::kVaultOwner);
  EXPECT_TRUE(stored(25001)->membership(kClinical)->active);
}

TEST_F(UpdateUsers, BlankClearsAnOptionalFieldAndFailsARequiredOne) {
  (void)put_csv("id,user_title__v\n25001,Director\n");
  EXPECT_EQ(put_csv("id,user_title__v\n25001,\n").body, kResultHeader + "SUCCESS,25001,\n");
  EXPECT_EQ(title(25001), "");
  EXPECT_EQ(put_csv("id,user_last_name__v\n25001,\n").body,
            kResultHeader +
                "FAILURE,25001,\"\"\"PARAMETER_REQUIRED|Missing required parameter "
                "[user_last_name__v]\"\"\"\n");
}

TEST_F(UpdateUsers, BlankKeepsWhenTheServerIsSetSo) {
  (void)put_csv("id,user_title__v\n25001,Director\n");
  Api keeping = make_api({.blank_cell = directory::BlankCell::kKeep});
  const TestCall wanted = make_put("text/csv", "id,user_title__v\n25001,\n", "");
  EXPECT_EQ(call_on(keeping, wanted).header("X-VaultAPI-Status"), "SUCCESS");
  EXPECT_EQ(title(25001), "Director");
}

TEST_F(UpdateUsers, RecordsAreCountedByOutcome) {
  (void)put_csv("id,user_title__v\n25001,Director\n25002,\n99999,x\n");
  EXPECT_EQ(metrics_.batches.Value(), 1);
  EXPECT_EQ(metrics_.records_succeeded.Value(), 1);
  EXPECT_EQ(metrics_.records_unchanged.Value(), 1);
  EXPECT_EQ(metrics_.records_failed.Value(), 1);
}

}  // namespace
}  // namespace muster::vault_api
