#include "vault_api/sessions.h"

#include <chrono>

#include "vault_api/api_testing.h"

namespace muster::vault_api {
namespace {

constexpr const char* kForm = "application/x-www-form-urlencoded";

class Login : public ApiTest {
 protected:
  Reply post(const std::string& body, std::vector<http::Header> headers = {},
             const std::string& query = "") {
    if (headers.empty()) headers = {{"Content-Type", kForm}};
    return call({.method = "POST", .path = "/auth" + query, .headers = headers, .body = body});
  }
};

std::string session_of(const Reply& reply) {
  return std::string(reply.json().at("sessionId").as_string());
}

TEST_F(Login, AnswerAsDocumented) {
  const Reply reply =
      post("username=nadia.brandt%40example.com&password=Muster-1&vaultDNS=quality.example.com");
  const std::string session = session_of(reply);
  EXPECT_EQ(session.size(), 128U);
  EXPECT_EQ(reply.body,
            R"({"responseStatus":"SUCCESS","sessionId":")" + session +
                R"(","userId":25001,"vaultIds":[{"id":3003,"name":"Quality","url":)"
                R"("http://quality.example.com/api"},{"id":4112,"name":"Clinical","url":)"
                R"("http://clinical.example.com/api"}],"vaultId":3003})");
  EXPECT_EQ(reply.header("X-VaultAPI-VaultId"), "3003");
  EXPECT_EQ(reply.header("X-VaultAPI-UserId"), "25001");
  EXPECT_EQ(reply.header("X-VaultAPI-TruncatedSessionId"), session.substr(0, 8) + "*");
}

TEST_F(Login, SessionOpensTheOtherCallsOfAnyVersion) {
  const std::string session =
      session_of(post("username=nadia.brandt@example.com&password=Muster-1"));
  EXPECT_EQ(
      call({.path = "!/api/v7.0/objects/users/me", .session = session}).header("X-VaultAPI-UserId"),
      "25001");
}

TEST_F(Login, MultipartForm) {
  const std::string body =
      "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nnadia.brandt@example.com\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nMuster-1\r\n--b--\r\n";
  const Reply reply = post(body, {{"Content-Type", "multipart/form-data; boundary=b"}});
  EXPECT_EQ(reply.header("X-VaultAPI-UserId"), "25001");
}

TEST_F(Login, CredentialsInTheQueryAreAcceptedAndNotLogged) {
  testing::internal::CaptureStderr();
  const Reply reply =
      call({.method = "POST", .path = "/auth?username=nadia.brandt@example.com&password=Muster-1"});
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(reply.header("X-VaultAPI-UserId"), "25001");
  EXPECT_EQ(log.find("Muster-1"), log.npos);
  EXPECT_EQ(log.find("nadia"), log.npos);
}

TEST_F(Login, DeadSessionSentAlongDoesNotMatter) {
  const Reply reply = post("username=nadia.brandt@example.com&password=Muster-1",
                           {{"Content-Type", kForm}, {"Authorization", "dead"}});
  EXPECT_EQ(reply.header("X-VaultAPI-Status"), "SUCCESS");
}

// A client compares the URL of the session's vault with the name it used, as strings.
TEST_F(Login, UrlOfTheSessionVaultIsTheNameTheClientUsed) {
  for (const std::string dns :
       {"quality.example.com", "Quality.example.com:8443", "localhost:8443", "127.0.0.1:49152"}) {
    const Reply reply = post("username=nadia.brandt@example.com&password=Muster-1&vaultDNS=" + dns,
                             {{"Content-Type", kForm}, {"Host", dns}});
    const auto body = reply.json();
    const auto& vaults = body.at("vaultIds").as_array();
    const auto session_vault = std::ranges::find_if(
        vaults, [&](const auto& vault) { return vault.at("id") == body.at("vaultId"); });
    ASSERT_NE(session_vault, vaults.end());
    EXPECT_EQ(session_vault->at("url").as_string(), "http://" + dns + "/api");
  }
}

TEST_F(Login, LandingInAnotherVaultThanWantedShowsThatVault) {
  const Reply reply =
      post("username=ana.ruiz@example.com&password=Muster-1&vaultDNS=clinical.example.com");
  EXPECT_EQ(reply.json().at("vaultId").as_int64(), 3003);
  EXPECT_EQ(reply.json().at("vaultIds").at(0).at("url").as_string(),
            "http://quality.example.com/api");
}

TEST_F(Login, WhatIsNoPortIsNotRepeatedInUrls) {
  const Reply reply = post(
      "username=nadia.brandt@example.com&password=Muster-1&"
      "vaultDNS=quality.example.com%3Aevil%2F%22x");
  EXPECT_EQ(reply.header("X-VaultAPI-Status"), "SUCCESS");
  EXPECT_EQ(reply.body.find("evil"), reply.body.npos) << reply.body;
}

TEST_F(Login, FailureShapeAsDocumented) {
  EXPECT_EQ(
      post("username=nadia.brandt@example.com").body,
      R"({"responseStatus":"FAILURE","responseMessage":"A password is required to log in.",)"
      R"("errors":[{"type":"NO_PASSWORD_PROVIDED","message":"A password is required to log in."}],)"
      R"("errorType":"AUTHENTICATION_FAILED"})");
}

TEST_F(Login, EachFailureHasItsType) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "PARAMETER_REQUIRED"},
      {"password=Muster-1", "PARAMETER_REQUIRED"},
      {"username=nadia.brandt@example.com&password=", "NO_PASSWORD_PROVIDED"},
      {"username=nadia.brandt@example.com&password=wrong", "USERNAME_OR_PASSWORD_INCORRECT"},
      {"username=nobody@example.com&password=Muster-1", "USERNAME_OR_PASSWORD_INCORRECT"},
      {"username=ida.sole@example.com&password=Muster-1", "INACTIVE_USER"},
  };
  for (const auto& [body, type] : cases) {
    const Reply reply = post(body);
    EXPECT_EQ(reply.error_type(), type) << body;
    EXPECT_EQ(reply.json().at("errorType").as_string(), "AUTHENTICATION_FAILED") << body;
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("X-VaultAPI-VaultId"), "");
  }
}

TEST_F(Login, BurstHeadersDescribeTheLoginLimit) {
  const std::string wrong = "username=nadia.brandt@example.com&password=wrong";
  const Reply first = post("username=nadia.brandt@example.com&password=Muster-1");
  EXPECT_EQ(first.header("X-VaultAPI-BurstLimit"), "20");
  EXPECT_EQ(first.header("X-VaultAPI-BurstLimitRemaining"), "19");
  for (int tries = 1; tries < 10; ++tries) EXPECT_EQ(post(wrong).delay_ms, 0);
  EXPECT_EQ(post(wrong).header("X-VaultAPI-ResponseDelay"), "500");
  for (int tries = 11; tries < 20; ++tries) EXPECT_EQ(post(wrong).delay_ms, 500);
  const Reply over = post(wrong);
  EXPECT_EQ(over.error_type(), "API_LIMIT_EXCEEDED");
  EXPECT_EQ(over.header("X-VaultAPI-BurstLimit"), "20");
  EXPECT_EQ(over.header("X-VaultAPI-BurstLimitRemaining"), "0");
}

TEST_F(Login, OtherContentTypesAreRefusedByName) {
  const Reply reply = post(R"({"username":"x"})", {{"Content-Type", "application/json"}});
  EXPECT_EQ(reply.error_type(), "INVALID_DATA");
  EXPECT_EQ(reply.message(),
            "Content-Type [application/json] is not supported by this call; send "
            "application/x-www-form-urlencoded or multipart/form-data.");
}

TEST_F(Login, OutcomesAreCounted) {
  (void)post("username=nadia.brandt@example.com&password=Muster-1");
  (void)post("username=nadia.brandt@example.com&password=wrong");
  EXPECT_EQ(metrics_.logins("Success").Value(), 1);
  EXPECT_EQ(metrics_.logins("USERNAME_OR_PASSWORD_INCORRECT").Value(), 1);
}

class Sessions : public ApiTest {};

TEST_F(Sessions, EndedOnesAreDead) {
  const std::string session = log_in("nadia.brandt");
  const std::string other = log_in("nadia.brandt");
  EXPECT_EQ(call({.method = "DELETE", .path = "/session", .session = session}).body,
            R"({"responseStatus":"SUCCESS"})");
  EXPECT_EQ(
      call({.path = "/objects/users/me", .session = session}).body,
      R"({"responseStatus":"FAILURE","responseMessage":"Invalid or expired session ID.",)"
      R"("errors":[{"type":"INVALID_SESSION_ID","message":"Invalid or expired session ID."}]})");
  EXPECT_EQ(call({.path = "/objects/users/me", .session = other}).header("X-VaultAPI-Status"),
            "SUCCESS");
}

TEST_F(Sessions, KeepAliveRestartsTheIdleClock) {
  const std::string session = log_in("nadia.brandt");
  for (int minutes = 0; minutes < 60; minutes += 15) {
    clock_.advance(std::chrono::minutes(15));
    EXPECT_EQ(call({.method = "POST", .path = "/keep-alive", .session = session}).body,
              R"({"responseStatus":"SUCCESS"})");
  }
  clock_.advance(std::chrono::minutes(21));
  EXPECT_EQ(call({.method = "POST", .path = "/keep-alive", .session = session}).error_type(),
            "INVALID_SESSION_ID");
}

class VersionList : public ApiTest {};

TEST_F(VersionList, SameOnAllThreePaths) {
  const Reply reply = call({.path = "!/api/"});
  EXPECT_TRUE(reply.body.starts_with(
      R"({"responseStatus":"SUCCESS","values":{"v7.0":"http://quality.example.com/api/v7.0",)"));
  EXPECT_TRUE(reply.body.ends_with(R"("v26.2":"http://quality.example.com/api/v26.2"}})"));
  EXPECT_EQ(call({.path = "!/api"}).body, reply.body);
  EXPECT_EQ(call({.path = "!/api/v24.3"}).body, reply.body);
}

// The Java client looks its own version up and compares the URL as a string.
TEST_F(VersionList, UrlsAreThoseTheClientCalled) {
  const Reply reply = call({.path = "!/api/v24.3", .headers = {{"Host", "localhost:8443"}}});
  EXPECT_EQ(reply.json().at("values").at("v24.3").as_string(), "http://localhost:8443/api/v24.3");
  Api behind_tls = make_api({.public_url = "https://muster.example.com"});
  EXPECT_EQ(call_on(behind_tls, {.path = "!/api"}).json().at("values").at("v24.3").as_string(),
            "https://muster.example.com/api/v24.3");
}

TEST_F(VersionList, SessionIsOptionalButADeadOneIsAnError) {
  EXPECT_EQ(call({.path = "!/api/v24.3"}).header("X-VaultAPI-UserId"), "");
  const Reply live = call({.path = "!/api/v24.3", .session = admin()});
  EXPECT_EQ(live.header("X-VaultAPI-UserId"), "25006");
  EXPECT_EQ(live.header("X-VaultAPI-VaultId"), "3003");
  EXPECT_EQ(call({.path = "!/api/v24.3", .session = "dead"}).error_type(), "INVALID_SESSION_ID");
}

}  // namespace
}  // namespace muster::vault_api
