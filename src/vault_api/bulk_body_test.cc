// Bodies of bulk calls as HTTP delivers them (protocol sections 2.3, 2.4, 2.6).
#include "vault_api/bulk_body.h"

#include "vault_api/update_users_testing.h"

namespace muster::vault_api {
namespace {

using directory::FieldId;
using directory::testing::kClinical;

// --- CSV input ------------------------------------------------------------------------------

struct CsvCase {
  const char* name;
  std::string body;
  std::string rows;  // of the CSV answer
};

class CsvInput : public UpdateUsers, public ::testing::WithParamInterface<CsvCase> {};

TEST_P(CsvInput, AnswersRecordByRecord) {
  EXPECT_EQ(put_csv(GetParam().body).body, kResultHeader + GetParam().rows);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, CsvInput,
    ::testing::Values(
        CsvCase{"CrLf", "id,user_title__v\r\n25001,A\r\n25002,B\r\n",
                "SUCCESS,25001,\nSUCCESS,25002,\n"},
        CsvCase{"EmptyLines", "id,user_title__v\n\n25001,A\n\n\n25002,B",
                "SUCCESS,25001,\nSUCCESS,25002,\n"},
        CsvCase{"HeaderNamesInAnyCase", " ID , User_Title__V \n25001,A\n", "SUCCESS,25001,\n"},
        CsvCase{"IdIsTrimmed", "id,user_title__v\n 25001 ,A\n", "SUCCESS,25001,\n"},
        CsvCase{"LongRecord", "id,user_title__v\n25001,Director, Quality\n25002,B\n",
                "FAILURE,25001,\"\"\"INVALID_DATA|Line 2 has 3 cells, the header has 2.\"\"\"\n"
                "SUCCESS,25002,\n"},
        CsvCase{"ShortRecord", "id,user_title__v,office_phone__v\n25001,A\n25002\n",
                "SUCCESS,25001,\nSUCCESS,25002,\n"},
        CsvCase{"UntitledEmptyColumn", "id,,user_title__v\n25001,,A\n", "SUCCESS,25001,\n"},
        CsvCase{"UnknownUser", "id,user_title__v\n22124,A\n",
                "FAILURE,22124,\"\"\"INVALID_DATA|User [22124] does not exist.\"\"\"\n"},
        CsvCase{"EmptyId", "id,user_title__v\n,A\n",
                "FAILURE,,\"\"\"PARAMETER_REQUIRED|Missing required parameter [id]\"\"\"\n"},
        CsvCase{"IdThatIsNone", "id,user_title__v\nme,A\n",
                "FAILURE,me,\"\"\"INVALID_DATA|Invalid value [me] for field [id].\"\"\"\n"},
        CsvCase{
            "TwoErrors", "id,domain_active__v,user_timezone__v\n25001,1,Mars\n",
            "FAILURE,25001,\"\"\"INVALID_DATA|Invalid value [1] for field [domain_active__v].\"\","
            "\"\"INVALID_DATA|Invalid value [Mars] for field [user_timezone__v].\"\"\"\n"}),
    [](const auto& test) { return test.param.name; });

TEST_F(UpdateUsers, VendorSampleWithACutTitleIsTakenAsItStands) {
  const Reply reply = put_csv(
      "id,user_title__v,mobile_phone__v,office_phone__v\n"
      "25001,Analyst,555-0100\n"
      "25002,Director, Quality,555-0101\n");
  EXPECT_EQ(reply.body, kResultHeader + "SUCCESS,25001,\nSUCCESS,25002,\n");
  EXPECT_EQ(title(25002), "Director");
  EXPECT_EQ(text(25002, FieldId::kMobilePhone), " Quality");
}

TEST_F(UpdateUsers, UntitledColumnWithValuesEndsTheRequest) {
  EXPECT_EQ(put_csv("id,,user_title__v\n25001,x,A\n").error_type(), "INVALID_DATA");
  EXPECT_EQ(title(25001), "");
}

TEST_F(UpdateUsers, OverlongCellFailsItsRecordOnly) {
  const Reply reply =
      put_csv("id,user_title__v\n25001," + std::string(70'000, 'x') + "\n25002,Analyst\n");
  EXPECT_TRUE(reply.body.starts_with(kResultHeader + "FAILURE,25001,\"\"\"INVALID_DATA|"))
      << reply.body;
  EXPECT_TRUE(reply.body.ends_with("SUCCESS,25002,\n"));
}

TEST_F(UpdateUsers, LoneCarriageReturnFailsItsRecord) {
  const Reply reply = put_csv("id,user_title__v\n25001,\"a\rb\"\n25002,\"a\r\nb\"\n");
  EXPECT_TRUE(reply.body.starts_with(kResultHeader + "FAILURE,25001,")) << reply.body;
  EXPECT_EQ(title(25002), "a\nb");
}

TEST_F(UpdateUsers, BackslashesHalveOnlyInPairs) {
  (void)put_csv("id,user_title__v,company__v\n25001,CORP\\nadia,a\\\\b\n");
  EXPECT_EQ(title(25001), "CORP\\nadia");
  EXPECT_EQ(text(25001, FieldId::kCompany), "a\\b");
}

// --- JSON input -----------------------------------------------------------------------------

TEST_F(UpdateUsers, ShapesOfJsonBodies) {
  const std::string done =
      R"({"responseStatus":"SUCCESS","data":[{"responseStatus":"SUCCESS","id":"25001"}]})";
  EXPECT_EQ(put_json(R"({"id":25001,"user_title__v":"A"})").body, done);
  EXPECT_EQ(put_json(R"({"users":[{"user":{"id":25001,"user_title__v":"A"}}]})").body, done);
  EXPECT_EQ(put_json(R"({"data":[{"id":"25001"}],"responseStatus":"SUCCESS"})").body, done);
}

TEST_F(UpdateUsers, ElementThatIsNoObjectFailsAlone) {
  const Reply reply = put_json(R"([25001,{"id":25002,"user_title__v":"A"}])");
  const auto body = reply.json();
  EXPECT_EQ(body.at("data").at(0).at("responseStatus").as_string(), "FAILURE");
  EXPECT_EQ(body.at("data").at(0).at("errors").as_array().size(), 1U);
  EXPECT_EQ(body.at("data").at(0).at("errors").at(0).at("message").as_string(),
            "Record 1 is not a JSON object.");
  EXPECT_EQ(body.at("data").at(1).at("responseStatus").as_string(), "SUCCESS");
}

TEST_F(UpdateUsers, NestedValueWhereAScalarIsDue) {
  const auto body =
      put_json(R"([{"id":25001,"user_title__v":["A"]},{"id":25002,"user_title__v":{}}])").json();
  for (const std::size_t record : {0U, 1U}) {
    EXPECT_EQ(body.at("data").at(record).at("errors").at(0).at("type").as_string(), "INVALID_DATA");
  }
}

TEST_F(UpdateUsers, NumbersOfTextFieldsAreTheirSourceText) {
  (void)put_json(R"([{"id":25001,"office_phone__v":5551234,"user_title__v":1.50}])");
  EXPECT_EQ(text(25001, FieldId::kOfficePhone), "5551234");
  EXPECT_EQ(title(25001), "1.50");
}

TEST_F(UpdateUsers, MembershipsInEveryJsonForm) {
  for (const std::string value :
       {R"("4112:false")", R"(["4112:false"])", R"([{"id":4112,"active__v":false}])",
        R"([{"vault_id":"4112","active__v":"false","security_profile__v":null}])"}) {
    (void)put_json(R"([{"id":25001,"vault_membership":"4112:true"}])");
    EXPECT_TRUE(stored(25001)->membership(kClinical)->active);
    const Reply reply = put_json(R"([{"id":25001,"vault_membership":)" + value + "}]");
    EXPECT_EQ(reply.json().at("data").at(0).at("responseStatus").as_string(), "SUCCESS") << value;
    EXPECT_FALSE(stored(25001)->membership(kClinical)->active) << value;
  }
}

TEST_F(UpdateUsers, UnknownKeyWithinAMembershipFailsTheRecord) {
  const auto body = put_json(R"([{"id":25001,"user_title__v":"A",)"
                             R"("vault_membership":[{"id":4112,"role":"x"}]}])")
                        .json();
  EXPECT_EQ(body.at("data").at(0).at("errors").at(0).at("message").as_string(),
            "Invalid value for field [vault_membership]: unknown key [role].");
  EXPECT_EQ(title(25001), "");
}

TEST_F(UpdateUsers, WhatGetAnsweredCanBeSentBack) {
  const Reply shown =
      call({.path = "/objects/users?exclude_vault_membership=false", .session = admin()});
  const Reply reply = put_json(shown.body);
  const auto body = reply.json();
  ASSERT_EQ(body.at("data").as_array().size(), 8U);
  for (const auto& record : body.at("data").as_array()) {
    EXPECT_EQ(record.at("responseStatus").as_string(), "SUCCESS") << boost::json::serialize(record);
  }
  EXPECT_EQ(metrics_.records_unchanged.Value(), 8);
}

}  // namespace
}  // namespace muster::vault_api
