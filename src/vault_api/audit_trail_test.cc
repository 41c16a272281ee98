#include "vault_api/audit_trail.h"

#include <chrono>

#include "vault_api/api_testing.h"
#include "vault_api/one_at_a_time.h"

namespace muster::vault_api {
namespace {

class AuditTrail : public ApiTest {
 protected:
  Reply get(const std::string& path, const std::string& session = {}) {
    return call({.path = "/audittrail/" + path, .session = session.empty() ? admin() : session});
  }
  // The first row as text, but for its id, which the store gives.
  static std::string row_after_id(const boost::json::object& body) {
    const std::string row = boost::json::serialize(body.at("data").at(0));
    return row.substr(row.find("\"timestamp\""));
  }
  Reply update(const std::string& csv) {
    return call({.method = "PUT",
                 .path = "/objects/users",
                 .session = admin(),
                 .headers = {{"Content-Type", "text/csv"}},
                 .body = csv});
  }
};

TEST_F(AuditTrail, LoginRowsAsDocumented) {
  (void)log_in("nadia.brandt");
  const Reply reply = get("login_audit_trail?limit=1&start_date=2026-02-01&offset=1");
  const auto body = reply.json();
  EXPECT_EQ(boost::json::serialize(body.at("responseDetails")),
            R"({"offset":1,"limit":1,"size":1,"total":2,"object":{"name":"login_audit_trail",)"
            R"("label":"Login Audit Trail",)"
            R"("url":"/api/v23.3/metadata/audittrail/login_audit_trail"},)"
            R"("previous_page":"/api/v23.3/audittrail/login_audit_trail?)"
            R"(start_date=2026-02-01T00:00:00Z&end_date=2026-02-02T02:40:00Z&limit=1&offset=0"})");
  EXPECT_TRUE(body.at("data").at(0).at("id").is_string());
  EXPECT_EQ(row_after_id(body),
            R"("timestamp":"2026-02-02T02:40:00Z","user_name":"nadia.brandt@example.com",)"
            R"("full_name":"Nadia Brandt","source_ip":"192.0.2.10","type":"User Login",)"
            R"("status":"Success","browser":"Unknown","platform":"Unknown"})");
}

TEST_F(AuditTrail, PagesFollowTheirLinks) {
  for (const char* name : {"nadia.brandt", "ana.ruiz", "otto.stein"}) (void)log_in(name);
  (void)admin();
  std::vector<std::string> names;
  std::string path = "!/api/v23.3/audittrail/login_audit_trail?limit=2";
  while (!path.empty()) {
    const auto body = call({.path = path, .session = admin()}).json();
    for (const auto& row : body.at("data").as_array()) {
      names.emplace_back(row.at("user_name").as_string());
    }
    const auto* next = body.at("responseDetails").as_object().if_contains("next_page");
    path = next == nullptr ? "" : "!" + std::string(next->as_string());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"mara.lindt@example.com", "otto.stein@example.com",
                                             "ana.ruiz@example.com", "nadia.brandt@example.com"}));
}

TEST_F(AuditTrail, DomainRowOfOneChangedField) {
  const Reply changed = update("id,user_title__v\n25001,Director\n");
  const auto body = get("domain_audit_trail?limit=1").json();
  EXPECT_TRUE(body.at("data").at(0).at("id").is_string());
  EXPECT_EQ(row_after_id(body),
            R"("timestamp":"2026-02-02T02:40:00Z","user_name":"mara.lindt@example.com",)"
            R"("full_name":"Mara Lindt","on_behalf_of":"","action":"Update Users",)"
            R"("item":"nadia.brandt@example.com","field_name":"user_title__v","old_value":"",)"
            R"("new_value":"Director","execution_id":")" +
                changed.header("X-VaultAPI-ExecutionId") + R"("})");
}

TEST_F(AuditTrail, PagesAsCsv) {
  (void)update("id,user_title__v\n25001,\"Director, Quality\"\n25002,B\n");
  const Reply page = call({.path = "/audittrail/domain_audit_trail?limit=1&offset=1",
                           .session = admin(),
                           .headers = {{"Accept", "text/csv"}}});
  EXPECT_EQ(page.content_type, "text/csv;charset=UTF-8");
  EXPECT_TRUE(page.body.starts_with(
      "id,timestamp,user_name,full_name,on_behalf_of,action,item,field_name,old_value,new_value,"
      "execution_id\n"))
      << page.body;
  EXPECT_EQ(std::ranges::count(page.body, '\n'), 2);
  const Reply empty = call({.path = "/audittrail/object_audit_trail",
                            .session = admin(),
                            .headers = {{"Accept", "text/csv"}}});
  EXPECT_EQ(std::ranges::count(empty.body, '\n'), 1);
  const Reply refused = call({.path = "/audittrail/login_audit_trail?format_result=pdf",
                              .session = admin(),
                              .headers = {{"Accept", "text/csv"}}});
  EXPECT_EQ(refused.content_type, "application/json;charset=UTF-8");
  EXPECT_EQ(refused.error_type(), "INVALID_DATA");
}

TEST_F(AuditTrail, TrailsNobodyWritesToAreEmpty) {
  for (const char* trail : {"object_audit_trail", "system_audit_trail"}) {
    const auto page = get(trail).json();
    EXPECT_EQ(page.at("responseDetails").at("total").as_int64(), 0);
    EXPECT_TRUE(page.at("data").as_array().empty());
    EXPECT_EQ(call({.path = "/audittrail/" + std::string(trail), .session = log_in("ana.ruiz")})
                  .error_type(),
              "INSUFFICIENT_ACCESS");
  }
}

TEST_F(AuditTrail, MetadataNamesTheFieldsOfTheRows) {
  (void)update("id,user_title__v\n25001,Director\n");
  const auto list = call({.path = "/metadata/audittrail", .session = admin()}).json();
  for (const auto& trail : list.at("audittrails").as_array()) {
    const auto data =
        call({.path = "!" + std::string(trail.at("url").as_string()), .session = admin()})
            .json()
            .at("data");
    EXPECT_EQ(data.at("label"), trail.at("label"));
    std::vector<std::string> described;
    for (const auto& field : data.at("fields").as_array()) {
      described.emplace_back(field.at("name").as_string());
    }
    const auto rows = get(std::string(trail.at("name").as_string()) + "?limit=1").json();
    if (rows.at("data").as_array().empty()) {
      EXPECT_TRUE(trail.at("name") == "object_audit_trail" ||
                  trail.at("name") == "system_audit_trail");
      continue;
    }
    std::vector<std::string> shown;
    for (const auto& member : rows.at("data").at(0).as_object()) shown.emplace_back(member.key());
    EXPECT_EQ(described, shown);
  }
  const Reply unknown = call({.path = "/metadata/audittrail/coffee", .session = admin()});
  EXPECT_EQ(unknown.error_type(), "MALFORMED_URL");
}

TEST_F(AuditTrail, DomainRowOfSeveralChangedFields) {
  (void)update("id,user_title__v,company__v\n25001,Director,Example Ltd\n");
  const auto row = get("domain_audit_trail?limit=1").json().at("data").at(0);
  EXPECT_EQ(row.at("field_name").as_string(), "user_title__v,company__v");
  EXPECT_EQ(row.at("old_value").as_string(), R"({"user_title__v":"","company__v":""})");
  EXPECT_EQ(row.at("new_value").as_string(),
            R"({"user_title__v":"Director","company__v":"Example Ltd"})");
}

TEST_F(AuditTrail, UnchangedRecordsLeaveNoRow) {
  (void)update("id,user_title__v\n25001,Director\n");
  const auto total = get("domain_audit_trail").json().at("responseDetails").at("total");
  (void)update("id,user_title__v\n25001,Director\n25999,x\n");
  EXPECT_EQ(get("domain_audit_trail").json().at("responseDetails").at("total"), total);
}

TEST_F(AuditTrail, PeriodIsHonoured) {
  (void)update("id,user_title__v\n25001,Director\n");
  clock_.advance(std::chrono::hours(72));
  const std::string later = log_in("mara.lindt");
  const auto total = [&](const std::string& query) {
    return get("domain_audit_trail" + query, later)
        .json()
        .at("responseDetails")
        .at("total")
        .as_int64();
  };
  EXPECT_EQ(total(""), 0) << "from the start of yesterday";
  EXPECT_EQ(total("?start_date=2026-02-02"), 1);
  EXPECT_EQ(total("?start_date=2026-02-02T02:40:01Z"), 0);
  EXPECT_EQ(total("?start_date=2026-02-02T02:40:00Z&end_date=2026-02-02T02:40:00Z"), 1);
  EXPECT_EQ(total("?start_date=2026-02-01&end_date=2026-02-02"), 0);
}

TEST_F(AuditTrail, BadParametersAreNamed) {
  for (const char* query :
       {"limit=0", "limit=1001", "limit=x", "offset=-1", "offset=9223372036854775807",
        "start_date=yesterday", "end_date=2026-02-30", "start_date=2025-12-01",
        "start_date=2026-02-02&end_date=2026-02-01", "format_result=pdf", "all_dates=true"}) {
    EXPECT_EQ(get("login_audit_trail?" + std::string(query)).error_type(), "INVALID_DATA") << query;
  }
}

TEST_F(AuditTrail, Readers) {
  const std::string owner = log_in("nadia.brandt");
  EXPECT_EQ(get("login_audit_trail", owner).header("X-VaultAPI-Status"), "SUCCESS");
  EXPECT_EQ(get("domain_audit_trail", owner).error_type(), "INSUFFICIENT_ACCESS");
  const std::string plain = log_in("ana.ruiz");
  EXPECT_EQ(get("login_audit_trail", plain).error_type(), "INSUFFICIENT_ACCESS");
  EXPECT_EQ(get("domain_audit_trail", plain).error_type(), "INSUFFICIENT_ACCESS");
}

TEST_F(AuditTrail, OtherTrailsAreUnknown) {
  EXPECT_EQ(get("coffee_audit_trail").error_type(), "MALFORMED_URL");
}

TEST(OneAtATimePerUser, SecondTurnWaitsForTheFirstToEnd) {
  OneAtATime<directory::UserId> readers;
  auto first = readers.enter(directory::UserId{25001});
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(readers.enter(directory::UserId{25001}), nullptr);
  EXPECT_NE(readers.enter(directory::UserId{25002}), nullptr);
  first.reset();
  EXPECT_NE(readers.enter(directory::UserId{25001}), nullptr);
}

}  // namespace
}  // namespace muster::vault_api
