// Update Multiple Users as a client sees it: a body in, an answer out (protocol section 2).
#include "vault_api/users_bulk.h"

#include "vault_api/update_users_testing.h"

namespace muster::vault_api {
namespace {

using directory::FieldId;
using directory::testing::kClinical;
using directory::testing::kQuality;

// --- The worked examples, word for word -------------------------------------------------

const std::string kExampleCsv =
    "id,user_title__v,company__v,domain_active__v,vault_membership\n"
    "25001,\"Director, Quality\",Brandt \\\\ S\xC3\xB6hne,,3003:true:business_admin__v:full__v\n"
    "25002,,Example Ltd,true,\"3003:true:document_user__v:full__v;4112:false\"\n"
    "25003,Analyst,,maybe,\n"
    "25001,Again,,,\n";

const std::string kExampleCsvAnswer =
    "responseStatus,id,errors\n"
    "SUCCESS,25001,\n"
    "SUCCESS,25002,\n"
    "FAILURE,25003,\"\"\"INVALID_DATA|Invalid value [maybe] for field [domain_active__v].\"\"\"\n"
    "FAILURE,25001,\"\"\"INVALID_DATA|Duplicate id [25001] in the request; only its first record "
    "is applied.\"\"\"\n";

const std::string kExampleJson =
    "[ {\"id\":25004,\"user_first_name__v\":\"Tom\xC3\xA1s\",\"mobile_phone__v\":null,\n"
    "   \"vault_membership\":[{\"id\":3003,\"active__v\":true,"
    "\"security_profile__v\":\"read_only_user__v\",\"license_type__v\":\"read_only__v\"}]},\n"
    "  {\"id\":\"25005\",\"federated_id__v\":\"e-4711\"},\n"
    "  {\"id\":25006,\"is_domain_admin__v\":false},\n"
    "  {\"id\":25007,\"nickname\":\"x\"} ]";

const std::string kExampleJsonAnswer =
    R"({"responseStatus":"SUCCESS","data":[)"
    R"({"responseStatus":"SUCCESS","id":"25004"},)"
    R"({"responseStatus":"FAILURE","id":"25005","errors":[{"type":"FEDERATED_ID_ALREADY_EXISTS",)"
    R"("message":"Federated ID [e-4711] is used by another user."}]},)"
    R"({"responseStatus":"FAILURE","id":"25006","errors":[{"type":"OPERATION_NOT_ALLOWED",)"
    R"("message":"A domain needs at least one Domain Admin."}]},)"
    R"({"responseStatus":"FAILURE","id":"25007","errors":[{"type":"ATTRIBUTE_NOT_SUPPORTED",)"
    R"("message":"Unknown field [nickname]."}]}]})";

TEST_F(UpdateUsers, WorkedExampleInCsv) {
  const Reply reply = put_csv(kExampleCsv);
  EXPECT_EQ(reply.body, kExampleCsvAnswer);
  EXPECT_EQ(reply.content_type, "text/csv;charset=UTF-8");
  EXPECT_EQ(reply.header("X-VaultAPI-Status"), "SUCCESS");

  EXPECT_EQ(title(25001), "Director, Quality");
  EXPECT_EQ(text(25001, FieldId::kCompany), "Brandt \\ S\xC3\xB6hne");
  EXPECT_EQ(stored(25001)->membership(kQuality)->profile, directory::kBusinessAdmin);
  EXPECT_TRUE(stored(25002)->membership(kQuality)->active);
  EXPECT_FALSE(stored(25002)->membership(kClinical)->active);
  EXPECT_EQ(title(25003), "");
}

TEST_F(UpdateUsers, WorkedExampleInJson) {
  const Reply reply = put_json(kExampleJson);
  EXPECT_EQ(reply.body, kExampleJsonAnswer);
  EXPECT_EQ(reply.content_type, "application/json;charset=UTF-8");
  EXPECT_EQ(text(25004, FieldId::kFirstName), "Tom\xC3\xA1s");
  EXPECT_EQ(stored(25004)->membership(kQuality)->profile, directory::kReadOnlyUser);
  EXPECT_TRUE(stored(25006)->is_domain_admin);
}

// Each split runs on a fresh directory: the answers must not depend on what came before.
class SplitExamples : public UpdateUsers, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(SplitExamples, CsvSplitEveryNBytes) {
  TestCall wanted = make_put("text/csv", kExampleCsv, "text/csv");
  wanted.chunk_bytes = GetParam();
  EXPECT_EQ(call(wanted).body, kExampleCsvAnswer);
}

TEST_P(SplitExamples, JsonSplitEveryNBytes) {
  TestCall wanted = make_put("", kExampleJson, "");
  wanted.chunk_bytes = GetParam();
  wanted.chunked = true;
  EXPECT_EQ(call(wanted).body, kExampleJsonAnswer);
}

INSTANTIATE_TEST_SUITE_P(Chunks, SplitExamples, ::testing::Range<std::size_t>(1, 33));

TEST_F(UpdateUsers, SplitAtEveryByteGivesTheSameAnswer) {
  (void)put_csv(kExampleCsv);  // from here on every run changes nothing
  (void)put_json(kExampleJson);
  for (const auto& [type, body, answer] :
       {std::tuple("text/csv", kExampleCsv, kExampleCsvAnswer),
        std::tuple("application/json", kExampleJson, kExampleJsonAnswer)}) {
    for (std::size_t first = 1; first < body.size(); ++first) {
      http::Request request;
      request.method = "PUT";
      request.target = "/api/v23.3/objects/users";
      request.path = request.target;
      request.chunked = true;
      request.headers.add("Authorization", admin());
      request.headers.add("Content-Type", type);
      request.headers.add("Accept", type);
      auto begun = api_.begin(request);
      auto& exchange = std::get<http::Accepted>(begun).exchange;
      ASSERT_TRUE(exchange->on_body(body.substr(0, first)));
      ASSERT_TRUE(exchange->on_body(body.substr(first)));
      ASSERT_EQ(exchange->finish().body, answer) << type << " split at " << first;
    }
  }
}

TEST_F(UpdateUsers, CsvAndJsonOfTheSameRecordsAgree) {
  const Reply csv = put_csv("id,user_title__v,domain_active__v\n25001,A,\n25002,B,x\n,C,true\n",
                            "application/json");
  const Reply json = put_json(R"([{"id":25001,"user_title__v":"A","domain_active__v":""},)"
                              R"({"id":"25002","user_title__v":"B","domain_active__v":"x"},)"
                              R"({"id":"","user_title__v":"C","domain_active__v":"true"}])");
  EXPECT_EQ(csv.body, json.body);
}

// --- Whole requests -----------------------------------------------------------------------

TEST_F(UpdateUsers, EmptyBodies) {
  expect_refused(put_csv(""), "PARAMETER_REQUIRED", put_csv("").message());
  EXPECT_EQ(put_json("").error_type(), "PARAMETER_REQUIRED");
  EXPECT_EQ(put("", "").error_type(), "PARAMETER_REQUIRED");
  EXPECT_EQ(put_json("").json().if_contains("data"), nullptr);
}

TEST_F(UpdateUsers, NothingToDoIsSuccess) {
  EXPECT_EQ(put_csv("id,user_title__v\n").body, kResultHeader);
  EXPECT_EQ(put_csv("id,user_title__v\n", "").body, R"({"responseStatus":"SUCCESS","data":[]})");
  EXPECT_EQ(put_json("[]").body, R"({"responseStatus":"SUCCESS","data":[]})");
}

std::string csv_of(int records) {
  std::string csv = "id,user_title__v\n";
  for (int i = 0; i < records; ++i) csv += "25001,Director\n";
  return csv;
}

TEST_F(UpdateUsers, Record501EndsTheRequestAndNothingIsApplied) {
  const Reply reply = put_csv(csv_of(501));
  EXPECT_EQ(reply.body,
            R"({"responseStatus":"FAILURE","responseMessage":"More than 500 records.",)"
            R"("errors":[{"type":"INVALID_DATA","message":"More than 500 records."}]})");
  expect_refused(reply, "INVALID_DATA", "More than 500 records.");
  EXPECT_EQ(std::ranges::count(put_csv(csv_of(500)).body, '\n'), 501);
  EXPECT_EQ(title(25001), "Director");
}

TEST_F(UpdateUsers, VerdictIsGivenBeforeTheBodyEnds) {
  const std::string body = csv_of(501) + std::string(1'000'000, 'x');
  TestCall wanted = make_put("text/csv", body, "");
  wanted.chunk_bytes = 1000;
  const Reply reply = call(wanted);
  EXPECT_EQ(reply.message(), "More than 500 records.");
  EXPECT_LT(reply.bytes_taken, 10'000U);
}

TEST_F(UpdateUsers, BrokenSyntaxEndsTheRequestWithItsPlace) {
  const Reply csv = put_csv("id,user_title__v\n25001,A\n25002,\"A\"b\n");
  EXPECT_EQ(csv.error_type(), "INVALID_DATA");
  EXPECT_NE(csv.message().find("ine 3"), std::string::npos) << csv.message();
  EXPECT_EQ(title(25001), "");
  const Reply json = put_json(R"([{"id":25001,"user_title__v":"A"},{"id":25002,}])");
  EXPECT_EQ(json.error_type(), "INVALID_DATA");
  EXPECT_NE(json.message().find("ffset"), std::string::npos) << json.message();
  EXPECT_EQ(title(25001), "");
  EXPECT_EQ(put_json(R"([{"id":25001,"id":25002}])").error_type(), "INVALID_DATA");
  EXPECT_EQ(put_json(R"([{"id":25001}] x)").error_type(), "INVALID_DATA");
}

TEST_F(UpdateUsers, EncodingsThatAreNotUtf8) {
  EXPECT_EQ(put_csv("id,user_title__v\n25001,S\xF6hne\n").error_type(), "INVALID_DATA");
  EXPECT_EQ(put_csv(std::string("\xFF\xFEi\0d\0", 6)).error_type(), "INVALID_DATA");
  EXPECT_NE(put_csv(std::string("\xFF\xFEi\0d\0", 6)).message().find("UTF-16"), std::string::npos);
  EXPECT_EQ(put_csv("\xEF\xBB\xBFid,user_title__v\n25001,Director\n").body,
            kResultHeader + "SUCCESS,25001,\n");
}

TEST_F(UpdateUsers, ColumnsAreCheckedFirst) {
  expect_refused(put_csv("id,nickname,user_title__v,shoe\n25001,x,y,z\n"),
                 "ATTRIBUTE_NOT_SUPPORTED", "Unknown fields [nickname, shoe].");
  expect_refused(put_csv("user_title__v\nDirector\n"), "PARAMETER_REQUIRED",
                 "Missing required parameter [id]");
  EXPECT_EQ(put_csv("id,user_title__v,USER_TITLE__V\n25001,a,b\n").error_type(), "INVALID_DATA");
}

// curl -d strips the line ends: one long header line.
TEST_F(UpdateUsers, StrippedLineEndsShowAsUnknownColumns) {
  const Reply reply = put_csv("id,user_title__v25001,Director25002,Analyst");
  EXPECT_EQ(reply.error_type(), "ATTRIBUTE_NOT_SUPPORTED");
  EXPECT_NE(reply.message().find("user_title__v25001"), std::string::npos);
}

TEST_F(UpdateUsers, ContentTypesOfBodies) {
  const std::string csv = "id,user_title__v\n25001,Director\n";
  const std::string json = R"([{"id":25001,"user_title__v":"Director"}])";
  const std::string done =
      R"({"responseStatus":"SUCCESS","data":[{"responseStatus":"SUCCESS","id":"25001"}]})";
  EXPECT_EQ(put("text/csv; charset=UTF-8", csv).body, done);
  EXPECT_EQ(put("TEXT/CSV;charset=us-ascii", csv).body, done);
  EXPECT_EQ(put("application/json;charset=\"utf-8\"", json).body, done);
  EXPECT_EQ(put("", csv).body, done);
  EXPECT_EQ(put("", " \r\n " + json).body, done);
  EXPECT_EQ(put("", "\xEF\xBB\xBF" + json).body, done);
}

TEST_F(UpdateUsers, OtherContentTypesAreRefusedByName) {
  const std::string tail = " is not supported by this call; send text/csv or application/json.";
  for (const std::string type :
       {"application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "text/xml"}) {
    expect_refused(put(type, "id,user_title__v\n25001,A\n"), "INVALID_DATA",
                   "Content-Type [" + type + "]" + tail);
  }
  expect_refused(put("garbage", "id\n"), "INVALID_DATA", "Content-Type [garbage]" + tail);
  expect_refused(put("text/csv; charset=ISO-8859-1", "id\n"), "INVALID_DATA",
                 "Charset [iso-8859-1] is not supported; send UTF-8.");
}

TEST_F(UpdateUsers, CompressedBodiesAreRefused) {
  TestCall wanted = make_put("text/csv", "id\n", "");
  wanted.headers.push_back({"Content-Encoding", "gzip"});
  const Reply reply = call(wanted);
  EXPECT_EQ(reply.error_type(), "INVALID_DATA");
  EXPECT_TRUE(reply.before_body);
}

TEST_F(UpdateUsers, QueryParameters) {
  TestCall wanted = make_put("text/csv", "id\n", "");
  wanted.path += "?operation=upsert&idParam=id";
  EXPECT_EQ(call(wanted).error_type(), "INVALID_DATA");
  wanted.path = "/objects/users?client_id=hr&anything=else";
  EXPECT_EQ(call(wanted).body, R"({"responseStatus":"SUCCESS","data":[]})");
}

TEST_F(UpdateUsers, CallersWithoutRightsAreRefusedBeforeTheBody) {
  for (const char* name : {"ana.ruiz", "otto.stein"}) {
    TestCall wanted = make_put("text/csv", "id,user_title__v\n25001,A\n", "text/csv");
    wanted.session = log_in(name);
    const Reply reply = call(wanted);
    EXPECT_EQ(reply.error_type(), "INSUFFICIENT_ACCESS") << name;
    EXPECT_TRUE(reply.before_body);
  }
}

TEST_F(UpdateUsers, FailureOfTheWholeRequestIsJsonEvenWhenCsvWasAskedFor) {
  const Reply reply = put_csv("id,user_title__v\n25001,\"open\n");
  EXPECT_EQ(reply.content_type, "application/json;charset=UTF-8");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("X-VaultAPI-Status"), "FAILURE");
}

}  // namespace
}  // namespace muster::vault_api
