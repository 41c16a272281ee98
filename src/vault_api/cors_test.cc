#include "vault_api/cors.h"

#include "vault_api/api_testing.h"

namespace muster::vault_api {
namespace {

constexpr const char* kApp = "https://app.example.com";

TEST(WebOrigin, IsSchemeHostAndPortAsABrowserWritesThem) {
  for (const char* origin :
       {"https://app.example.com", "http://localhost", "http://localhost:3000",
        "https://app.example.com:8443", "http://192.0.2.10:8080", "http://[::1]",
        "http://[2001:db8::1]:3000", "https://xn--bcher-kva.example", "https://a_b.example.com:80",
        "chrome-extension://abcdefghijklmnop", "http://a:443", "http://a:65535"}) {
    EXPECT_TRUE(is_web_origin(origin)) << origin;
  }
}

TEST(WebOrigin, WhatNoBrowserSendsIsNone) {
  for (const char* text : {"",
                           "*",
                           "null",
                           "app.example.com",
                           "https://",
                           "://a",
                           "https:app.example.com",
                           "https://app.example.com/",
                           "https://app.example.com/app",
                           "https://app.example.com?a",
                           "https://app.example.com#a",
                           "https://nadia@app.example.com",
                           "https://*.example.com",
                           "https://App.example.com",
                           "HTTPS://app.example.com",
                           "https://app.example.com:",
                           "https://app.example.com:443",
                           "http://app.example.com:80",
                           "http://a:0",
                           "http://a:080",
                           "http://a:65536",
                           "http://a:b",
                           "http://a:1:2",
                           "http://[::1",
                           "http://[]",
                           "http://::1",
                           "http://[::1]a",
                           " https://app.example.com",
                           "https://app.example.com ",
                           "https://a b",
                           "https://b\xC3\xBC"
                           "cher.example",
                           "ht tp://a"}) {
    EXPECT_FALSE(is_web_origin(text)) << text;
  }
}

class Cors : public ApiTest {
 protected:
  Reply call_from(const char* origin, TestCall wanted) {
    wanted.headers.push_back({"Origin", origin});
    return call_on(cors_api_, wanted);
  }

  Reply ask_from(const char* origin, std::string path) {
    return call_from(origin, {.method = "OPTIONS",
                              .path = std::move(path),
                              .headers = {{"Access-Control-Request-Method", "PUT"},
                                          {"Access-Control-Request-Headers", "authorization"}}});
  }

  Api cors_api_ = make_api({.cors_origins = {"http://localhost:3000", kApp}});
};

void expect_no_cors(const Reply& reply) {
  for (const auto& header : reply.headers) {
    EXPECT_FALSE(header.name.starts_with("Access-Control-")) << header.name;
    EXPECT_NE(header.name, "Vary");
  }
}

TEST_F(Cors, PreflightNeedsNoSessionAndHasNoBody) {
  for (const char* path : {"/objects/users", "/auth", "/nowhere", "!/muster/v1/batches"}) {
    const Reply reply = ask_from(kApp, path);
    EXPECT_EQ(reply.status, 204) << path;
    EXPECT_EQ(reply.body, "") << path;
    EXPECT_FALSE(reply.close) << path;
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), kApp);
    EXPECT_EQ(reply.header("Access-Control-Allow-Methods"), "GET, POST, PUT, DELETE");
    EXPECT_EQ(reply.header("Access-Control-Allow-Headers"),
              "Authorization, Content-Type, Accept, X-VaultAPI-ClientID, X-VaultAPI-ReferenceId, "
              "X-VaultAPI-DescribeQuery, Idempotency-Key");
    EXPECT_EQ(reply.header("Access-Control-Max-Age"), "600");
    EXPECT_EQ(reply.header("Access-Control-Allow-Credentials"), "");
    EXPECT_EQ(reply.header("Vary"), "Origin");
  }
  EXPECT_EQ(metrics_.requests("preflight", "SUCCESS").Value(), 4);
}

TEST_F(Cors, OptionsThatAskForNoMethodAreAnOrdinaryCall) {
  const Reply reply = call_from(kApp, {.method = "OPTIONS", .path = "/objects/users"});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.error_type(), "METHOD_NOT_SUPPORTED");
  EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), kApp);
}

TEST_F(Cors, AnswersExposeEveryFieldThatTheyCarry) {
  for (const Reply& reply :
       {call_from(kApp, {.path = "!/api/v20.3/objects/users/me",
                         .session = admin(),
                         .headers = {{"X-VaultAPI-ReferenceId", "order-4711"}}}),
        call_from(kApp, {.path = "/objects/users/me", .session = "dead"}),
        call_from(kApp, {.path = "/nowhere"})}) {
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), kApp);
    EXPECT_EQ(reply.header("Access-Control-Allow-Credentials"), "");
    EXPECT_EQ(reply.header("Vary"), "Origin");
    const std::string exposed = ", " + reply.header("Access-Control-Expose-Headers") + ",";
    for (const auto& header : reply.headers) {
      if (!header.name.starts_with("X-VaultAPI-")) continue;
      EXPECT_NE(exposed.find(", " + std::string(header.name) + ","), exposed.npos) << exposed;
    }
  }
}

TEST_F(Cors, AReplayedAnswerTellsThePageSo) {
  const TestCall put{.method = "PUT",
                     .path = "/objects/users",
                     .session = admin(),
                     .headers = {{"Content-Type", "text/csv"}, {"Idempotency-Key", "job-7"}},
                     .body = "id,user_title__v\n25003,Analyst\n"};
  (void)call_from(kApp, put);
  const Reply again = call_from(kApp, put);
  EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
  EXPECT_NE(again.header("Access-Control-Expose-Headers").find("Idempotency-Replayed"),
            std::string::npos);
}

TEST_F(Cors, RefusalsOfTheServerCanBeReadToo) {
  http::Request request;
  request.method = "PUT";
  request.headers.add("Origin", kApp);
  const http::Response response = cors_api_.refusal(request, 503, "Too many requests.");
  const auto allowed = std::ranges::find(response.headers, "Access-Control-Allow-Origin",
                                         &http::ResponseHeader::name);
  ASSERT_NE(allowed, response.headers.end());
  EXPECT_EQ(allowed->value, kApp);
}

TEST_F(Cors, OtherOriginsAreAnsweredAsEver) {
  for (const char* origin :
       {"https://evil.example.net", "https://app.example.com.evil.example.net",
        "https://app.example.co", "http://app.example.com", "https://app.example.com:8443",
        "https://App.example.com", "https://app.example.com/", "null", "*", ""}) {
    const Reply asked = ask_from(origin, "/objects/users");
    EXPECT_EQ(asked.error_type(), "METHOD_NOT_SUPPORTED") << origin;
    expect_no_cors(asked);
    const Reply called = call_from(origin, {.path = "/objects/users/me", .session = admin()});
    EXPECT_EQ(called.header("X-VaultAPI-Status"), "SUCCESS") << origin;
    expect_no_cors(called);
  }
  expect_no_cors(call_on(cors_api_, {.path = "/objects/users/me", .session = admin()}));
}

TEST_F(Cors, IsOffUnlessOriginsAreNamed) {
  const std::vector<http::Header> headers{{"Origin", kApp},
                                          {"Access-Control-Request-Method", "GET"}};
  const Reply asked = call({.method = "OPTIONS", .path = "/objects/users", .headers = headers});
  EXPECT_EQ(asked.error_type(), "METHOD_NOT_SUPPORTED");
  expect_no_cors(asked);
  expect_no_cors(call({.path = "/objects/users/me", .session = admin(), .headers = headers}));
}

}  // namespace
}  // namespace muster::vault_api
