#include <gtest/gtest.h>

#include <string>

#include "vault_api/api_testing.h"

namespace muster::vault_api {
namespace {

class ObjectRecords : public ApiTest {
 protected:
  Reply send(const std::string& method, const std::string& query, const std::string& body,
             const std::string& accept = "application/json") {
    return call({.method = method,
                 .path = "/vobjects/user__sys" + query,
                 .session = admin(),
                 .headers = {{"Accept", accept}},
                 .body = body});
  }
};

TEST_F(ObjectRecords, ARecordThatChangesNothingIsAWarning) {
  const auto first = send("PUT", "", R"([{"id":"25001","title__sys":"Head"}])");
  EXPECT_EQ(first.body, R"({"responseStatus":"SUCCESS","data":[{"responseStatus":"SUCCESS","data":)"
                        R"({"id":"25001","url":"/api/v23.3/vobjects/user__sys/25001"}}]})");
  EXPECT_EQ(stored(25001)->text(directory::FieldId::kTitle), "Head");
  const auto again = send("PUT", "", "id,title__sys\n25001,Head\n1,x\n", "text/csv");
  EXPECT_EQ(again.header("X-VaultAPI-Status"), "WARNING");
  EXPECT_EQ(again.body,
            "responseStatus,id,errors\n"
            "WARNING,25001,\"\"\"NO_DATA_CHANGES|Record had no changes.\"\"\"\n"
            "FAILURE,1,\"\"\"OPERATION_NOT_ALLOWED|User [1] is a system account.\"\"\"\n");
}

TEST_F(ObjectRecords, ErrorsUseTheNamesOfTheRecord) {
  const auto reply = send("PUT", "", R"([{"id":"25001","language__sys":"xx"}])");
  const auto error = reply.json().at("data").at(0).at("errors").at(0);
  EXPECT_EQ(error.at("message"), "Invalid value [xx] for field [language__sys].");
}

TEST_F(ObjectRecords, AnUpdateByNameOfNobodyFails) {
  const auto reply = send("PUT", "?idParam=username__sys",
                          R"([{"username__sys":"nobody@example.com","title__sys":"x"},)"
                          R"({"username__sys":"ANA.ruiz@example.com","title__sys":"y"}])");
  const auto rows = reply.json().at("data").as_array();
  EXPECT_EQ(rows.at(0).at("errors").at(0).at("type"), "INVALID_DATA") << reply.body;
  EXPECT_EQ(rows.at(1).at("data").at("id"), "25002") << reply.body;
}

TEST_F(ObjectRecords, OnlyMembersOfTheVaultHaveARecord) {
  const auto reply = send("PUT", "", R"([{"id":"25009","title__sys":"x"}])");
  EXPECT_EQ(reply.json().at("data").at(0).at("errors").at(0).at("type"), "INVALID_DATA");
  EXPECT_EQ(stored(25009)->text(directory::FieldId::kTitle), "");
}

}  // namespace
}  // namespace muster::vault_api
