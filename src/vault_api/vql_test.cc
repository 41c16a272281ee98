#include <gtest/gtest.h>

#include <string>

#include "vault_api/api_testing.h"

namespace muster::vault_api {
namespace {

class VqlTest : public ApiTest {
 protected:
  Reply query(const std::string& text) {
    return call({.method = "POST",
                 .path = "/query",
                 .session = admin(),
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                 .body = "q=" + text});
  }
  Reply follow(const Reply& page, const std::string& link) {
    const auto details = page.json().at("responseDetails").as_object();
    return call({.path = "!" + std::string(details.at(link).as_string()), .session = admin()});
  }
};

TEST_F(VqlTest, RowsInTheOrderOfTheColumns) {
  EXPECT_EQ(query("SELECT user_name__v, id FROM users WHERE id <= 25002 ORDER BY id DESC").body,
            R"({"responseStatus":"SUCCESS","responseDetails":{"pagesize":1000,"pageoffset":0,)"
            R"("size":2,"total":2},"data":[{"user_name__v":"ana.ruiz@example.com","id":25002},)"
            R"({"user_name__v":"nadia.brandt@example.com","id":25001}]})");
}

TEST_F(VqlTest, IdsOfRecordsAreTextsAndPicklistsLists) {
  const auto reply = query("SELECT id, name__v, status__v FROM user__sys WHERE id = '25002'");
  EXPECT_EQ(boost::json::serialize(reply.json().at("data")),
            R"([{"id":"25002","name__v":"Ana Ruiz","status__v":["active__v"]}])");
}

TEST_F(VqlTest, LinksCarryTheQuery) {
  const auto first = query("SELECT id FROM users WHERE user_title__v != 'a %26 b' PAGESIZE 3");
  const auto second = follow(first, "next_page");
  EXPECT_EQ(boost::json::serialize(second.json().at("data")),
            R"([{"id":25004},{"id":25005},{"id":25006}])");
  EXPECT_EQ(follow(second, "previous_page").json().at("data"), first.json().at("data"));
}

TEST_F(VqlTest, ALongQueryIsKeptForAQuarterOfAnHour) {
  std::string text = "SELECT id FROM users WHERE user_title__v != '" + std::string(9'000, 'x');
  const auto first = query(text + "' PAGESIZE 3");
  const auto second = follow(first, "next_page");
  EXPECT_EQ(second.json().at("data").as_array().size(), 3U);
  clock_.advance(std::chrono::minutes(14));
  EXPECT_EQ(follow(second, "next_page").json().at("data").as_array().size(), 2U);
  clock_.advance(std::chrono::minutes(1));
  EXPECT_EQ(follow(first, "next_page").error_type(), "INVALID_DATA");
}

TEST_F(VqlTest, AnotherTargetIsAWarning) {
  const auto reply = query("SELECT id FROM documents");
  EXPECT_EQ(reply.header("X-VaultAPI-Status"), "WARNING");
  EXPECT_EQ(reply.json().at("warnings").at(0).at("type"), "NO_DATA");
  EXPECT_TRUE(reply.json().at("data").as_array().empty());
}

TEST_F(VqlTest, ErrorsNameTheCharacter) {
  const std::pair<std::string, std::string> cases[] = {
      {"SELECT id FROM users WHERE nothing__v = 1", "ATTRIBUTE_NOT_SUPPORTED"},
      {"SELECT id FROM users WHERE id = 'x'", "INVALID_DATA"},
      {"SELECT id FROM users WHERE id LIKE '25%'", "INCORRECT_QUERY_SYNTAX_ERROR"},
      {"SELECT id FROM users WHERE id < null", "INCORRECT_QUERY_SYNTAX_ERROR"},
      {"SELECT id FROM users ORDER BY vault_id__v", "INCORRECT_QUERY_SYNTAX_ERROR"},
  };
  for (const auto& [text, type] : cases) {
    const auto reply = query(text);
    EXPECT_EQ(reply.error_type(), type) << text;
    EXPECT_NE(reply.message().find("(character "), std::string::npos) << reply.message();
  }
}

}  // namespace
}  // namespace muster::vault_api
