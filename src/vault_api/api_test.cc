// What every call has in common: paths, verbs, versions, sessions, sizes, headers, refusals.
#include "vault_api/api.h"

#include "vault_api/api_testing.h"
#include "vault_api/routes.h"

namespace muster::vault_api {
namespace {

class CommonRules : public ApiTest {};

TEST_F(CommonRules, UnknownPathsAreMalformed) {
  for (const char* path :
       {"/nowhere", "//objects/users", "/objects//users", "/Objects/users", "/objects/users//",
        "/objects/users/25001/x", "!/", "!/API", "!/healthz", "!/api/v99.9/objects/users",
        "!/api/latest", "!/api/v99.9", "/objects/%zz", "/objects/users/.."}) {
    const Reply reply = call({.path = path, .session = admin()});
    EXPECT_EQ(reply.error_type(), "MALFORMED_URL") << path;
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_TRUE(reply.before_body) << path;
  }
}

TEST_F(CommonRules, KnownPathWithAnotherVerbIsNotSupported) {
  const Reply reply = call({.method = "PATCH", .path = "/objects/users", .session = admin()});
  EXPECT_EQ(reply.body,
            R"({"responseStatus":"FAILURE","responseMessage":"Method [PATCH] is not supported on )"
            R"([/api/v23.3/objects/users].","errors":[{"type":"METHOD_NOT_SUPPORTED","message":)"
            R"("Method [PATCH] is not supported on [/api/v23.3/objects/users]."}]})");
}

TEST_F(CommonRules, OneTrailingSlashAndEscapedLettersReachTheSameCall) {
  for (const char* path : {"/objects/users", "/objects/users/", "/objects/%75sers",
                           "!/api/25.2/objects/users", "!/api/v7.0/objects/users"}) {
    EXPECT_EQ(call({.path = path, .session = admin()}).header("X-VaultAPI-Status"), "SUCCESS")
        << path;
  }
}

TEST_F(CommonRules, BulkCallsExistFromVersion12On) {
  const auto put = [&](const std::string& version) {
    return call({.method = "PUT",
                 .path = "!/api/" + version + "/objects/users",
                 .session = admin(),
                 .headers = {{"Content-Type", "text/csv"}},
                 .body = "id\n"});
  };
  EXPECT_EQ(put("v11.0").error_type(), "METHOD_NOT_SUPPORTED");
  EXPECT_EQ(put("v12.0").body, R"({"responseStatus":"SUCCESS","data":[]})");
  EXPECT_EQ(put("26.2").body, R"({"responseStatus":"SUCCESS","data":[]})");
}

TEST_F(CommonRules, DeadSessionsAreRefusedBeforeTheBody) {
  for (const std::string& authorization :
       {std::string(), std::string("Basic bWFyYTp4"), std::string("Bearer"), std::string("x"),
        std::string(128, 'A'), "Bearer " + std::string(128, 'A')}) {
    const Reply reply = call({.method = "PUT",
                              .path = "/objects/users",
                              .session = authorization,
                              .headers = {{"Content-Type", "text/csv"}},
                              .body = "id\n25001\n"});
    EXPECT_EQ(reply.error_type(), "INVALID_SESSION_ID") << authorization;
    EXPECT_TRUE(reply.before_body);
    EXPECT_EQ(reply.header("X-VaultAPI-VaultId"), "");
  }
}

TEST_F(CommonRules, BearerIsAcceptedInAnyCase) {
  for (const char* scheme : {"", "Bearer ", "bearer ", "BEARER "}) {
    const Reply reply = call({.path = "/objects/users/me", .session = scheme + admin()});
    EXPECT_EQ(reply.header("X-VaultAPI-Status"), "SUCCESS") << scheme;
  }
}

TEST_F(CommonRules, HeadersOfAnAnswerWithSession) {
  const Reply reply = call({.path = "/objects/users/me",
                            .session = admin(),
                            .headers = {{"X-VaultAPI-ReferenceID", "order 4711"}}});
  EXPECT_EQ(reply.content_type, "application/json;charset=UTF-8");
  EXPECT_EQ(reply.header("X-VaultAPI-Status"), "SUCCESS");
  EXPECT_EQ(reply.header("X-VaultAPI-VaultId"), "3003");
  EXPECT_EQ(reply.header("X-VaultAPI-UserId"), "25006");
  EXPECT_EQ(reply.header("X-VaultAPI-TruncatedSessionId"), admin().substr(0, 8) + "*");
  EXPECT_EQ(reply.header("X-VaultAPI-ReferenceId"), "order 4711");
  EXPECT_EQ(reply.header("X-VaultAPI-BurstLimit"), "2000");
  EXPECT_EQ(reply.header("X-VaultAPI-BurstLimitRemaining"), "2000");
  EXPECT_EQ(reply.header("X-VaultAPI-ResponseDelay"), "");
  EXPECT_EQ(reply.header("X-VaultAPI-DailyLimit"), "");
  EXPECT_EQ(reply.header("X-VaultAPI-ExecutionId").size(), 36U);
}

TEST_F(CommonRules, HeadersOfAFailureWithoutSession) {
  const Reply reply = call({.path = "/nowhere"});
  EXPECT_EQ(reply.header("X-VaultAPI-Status"), "FAILURE");
  EXPECT_EQ(reply.header("X-VaultAPI-BurstLimit"), "2000");
  EXPECT_EQ(reply.header("X-VaultAPI-ExecutionId").size(), 36U);
  EXPECT_EQ(reply.header("X-VaultAPI-VaultId"), "");
  EXPECT_EQ(reply.header("X-VaultAPI-TruncatedSessionId"), "");
  EXPECT_EQ(reply.header("X-VaultAPI-ReferenceId"), "");
}

TEST_F(CommonRules, DailyLimitsAreShownToOldVersionsOnly) {
  const auto limit = [&](const std::string& version) {
    return call({.path = "!/api/" + version}).header("X-VaultAPI-DailyLimitRemaining");
  };
  EXPECT_EQ(limit("v14.0"), "999999");
  EXPECT_EQ(limit("v20.3"), "999999");
  EXPECT_EQ(limit("v21.1"), "");
}

TEST_F(CommonRules, CallsBeyondTheBurstLimitAreHeldBack) {
  Api api = make_api({.burst_limit = 2});
  const TestCall me{.path = "/objects/users/me", .session = admin()};
  EXPECT_EQ(call_on(api, me).header("X-VaultAPI-BurstLimitRemaining"), "1");
  EXPECT_EQ(call_on(api, me).header("X-VaultAPI-BurstLimitRemaining"), "0");
  const Reply held = call_on(api, me);
  EXPECT_EQ(held.header("X-VaultAPI-Status"), "SUCCESS");
  EXPECT_EQ(held.header("X-VaultAPI-BurstLimit"), "2");
  EXPECT_EQ(held.header("X-VaultAPI-ResponseDelay"), "500");
  EXPECT_EQ(held.delay_ms, 500);
}

TEST_F(CommonRules, BodiesAboveTheLimitOfTheCallAreNotRead) {
  const auto put = [&](const std::string& length) {
    return call({.method = "PUT",
                 .path = "/objects/users",
                 .session = admin(),
                 .headers = {{"Content-Type", "text/csv"}, {"Content-Length", length}}});
  };
  const Reply reply = put("1073741825");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.error_type(), "EXCEEDS_FILE_MAX_SIZE");
  EXPECT_TRUE(reply.before_body);
  EXPECT_TRUE(reply.close);
  EXPECT_NE(put("1073741824").error_type(), "EXCEEDS_FILE_MAX_SIZE");
}

TEST_F(CommonRules, RefusalOfAnExpectedBodyClosesTheConnection) {
  const TestCall dead{.method = "PUT",
                      .path = "/objects/users",
                      .session = "dead",
                      .headers = {{"Expect", "100-continue"}},
                      .body = "id\n"};
  const Reply reply = call(dead);
  EXPECT_EQ(reply.error_type(), "INVALID_SESSION_ID");
  EXPECT_TRUE(reply.close);
}

TEST_F(CommonRules, BodiesOfCallsWithoutBodyAreIgnored) {
  const Reply reply = call({.path = "/objects/users/me",
                            .session = admin(),
                            .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                            .body = "a=b"});
  EXPECT_EQ(reply.header("X-VaultAPI-Status"), "SUCCESS");
}

TEST_F(CommonRules, XmlIsAnsweredWhereItWasAskedForAndIsOffered) {
  const std::vector<http::Header> wanted{{"Accept", "application/xml"}};
  const auto get = [&](const std::string& path, const std::string& session) {
    return call({.path = path, .session = session, .headers = wanted});
  };
  const Reply me = get("/objects/users/me", admin());
  EXPECT_EQ(me.content_type, "application/xml;charset=UTF-8");
  EXPECT_NE(me.body.find("<users><user><user_name__v>mara.lindt@example.com</user_name__v>"),
            std::string::npos)
      << me.body;
  const Reply dead = get("/objects/users/me", "dead");
  EXPECT_EQ(dead.content_type, "application/xml;charset=UTF-8");
  EXPECT_EQ(dead.header("X-VaultAPI-Status"), "FAILURE");
  EXPECT_NE(dead.body.find("<type>INVALID_SESSION_ID</type>"), std::string::npos) << dead.body;
  EXPECT_EQ(get("/objects/nothing", admin()).error_type(), "MALFORMED_URL");
  EXPECT_EQ(get("/audittrail/login_audit_trail", admin()).content_type,
            "application/json;charset=UTF-8");
}

TEST_F(CommonRules, UnknownAcceptStillAnswersJson) {
  for (const char* accept : {"", "*/*", "text/html", "text/csv", "garbage"}) {
    const Reply reply =
        call({.path = "/objects/users/me", .session = admin(), .headers = {{"Accept", accept}}});
    EXPECT_EQ(reply.content_type, "application/json;charset=UTF-8") << accept;
    EXPECT_EQ(reply.status, 200) << accept;
  }
}

TEST_F(CommonRules, ExecutionIdsDiffer) {
  EXPECT_NE(call({.path = "!/api"}).header("X-VaultAPI-ExecutionId"),
            call({.path = "!/api"}).header("X-VaultAPI-ExecutionId"));
}

TEST_F(CommonRules, RequestsAreCountedByRouteAndStatus) {
  (void)call({.path = "/objects/users/25001", .session = admin()});
  (void)call({.path = "/objects/users/25002", .session = admin()});
  (void)call({.path = "/nowhere"});
  EXPECT_EQ(metrics_.requests("/api/{version}/objects/users/{id}", "SUCCESS").Value(), 2);
  EXPECT_EQ(metrics_.requests("none", "FAILURE").Value(), 1);
}

TEST_F(CommonRules, LogLineNamesTheCallAndNoSecret) {
  testing::internal::CaptureStderr();
  (void)call({.path = "/objects/users/me?secret=hush",
              .session = admin(),
              .headers = {{"X-VaultAPI-ClientID", "example-hr-sync"},
                          {"X-VaultAPI-ReferenceId", "order-4711"}}});
  const std::string line = testing::internal::GetCapturedStderr();
  for (const char* part : {"GET", "/api/{version}/objects/users/me", "SUCCESS", "example-hr-sync",
                           "order-4711", "25006", "3003"}) {
    EXPECT_NE(line.find(part), line.npos) << part << " in " << line;
  }
  EXPECT_EQ(line.find("hush"), line.npos);
  EXPECT_EQ(line.find(admin()), line.npos);
}

TEST_F(CommonRules, ClientIdOfTheQueryIsLogged) {
  testing::internal::CaptureStderr();
  (void)call(
      {.path = "!/api?client_id=from-query", .headers = {{"X-VaultAPI-ClientID", "from-header"}}});
  const std::string line = testing::internal::GetCapturedStderr();
  EXPECT_NE(line.find("from-query"), line.npos);
  EXPECT_EQ(line.find("from-header"), line.npos);
}

// What http/ refuses by itself still speaks the API's language.
TEST_F(CommonRules, RefusalsAreJsonObjectsWhateverTheStatus) {
  struct Case {
    int status;
    int sent;
    const char* type;
    const char* envelope;
  };
  for (const Case& c :
       {Case{400, 400, "INVALID_DATA", "FAILURE"}, Case{408, 408, "INVALID_DATA", "FAILURE"},
        Case{413, 200, "EXCEEDS_FILE_MAX_SIZE", "FAILURE"},
        Case{431, 431, "INVALID_DATA", "FAILURE"}, Case{500, 200, "UNEXPECTED_ERROR", "EXCEPTION"},
        Case{501, 501, "METHOD_NOT_SUPPORTED", "FAILURE"},
        Case{503, 503, "UNEXPECTED_ERROR", "EXCEPTION"}}) {
    const http::Response response = api_.refusal({}, c.status, "Says why.");
    EXPECT_EQ(response.status, c.sent);
    EXPECT_TRUE(response.close);
    const auto body = boost::json::parse(response.body).as_object();
    EXPECT_EQ(body.at("responseStatus").as_string(), c.envelope) << c.status;
    EXPECT_EQ(body.at("errors").at(0).at("type").as_string(), c.type) << c.status;
  }
}

TEST_F(CommonRules, RefusalEchoesWhatTheRequestCarried) {
  http::Request request;
  request.method = "PUT";
  request.headers.add("X-VaultAPI-ReferenceId", "order-4711");
  const http::Response response = api_.refusal(request, 413, "Too large.");
  const bool echoed = std::ranges::any_of(response.headers, [](const http::ResponseHeader& header) {
    return header.name == "X-VaultAPI-ReferenceId" && header.value == "order-4711";
  });
  EXPECT_TRUE(echoed);
}

TEST_F(CommonRules, InternalErrorsShowTheExecutionIdOnly) {
  const http::Response response = api_.refusal({}, 500, "disk /dev/sda on fire");
  EXPECT_EQ(response.body.find("/dev/sda"), std::string::npos);
  EXPECT_NE(response.body.find(response.headers.front().value), std::string::npos);
  EXPECT_EQ(response.headers.front().name, "X-VaultAPI-ExecutionId");
}

TEST_F(CommonRules, ALoginCountsAgainstTheForwardedAddress) {
  Api behind_proxy(
      {users_, sessions_, password_changes_, store_, clock_, random_, hasher_, metrics_},
      {.public_url = {}, .trusted_proxies = {AddressRange::parse("10.0.0.1").value()}});
  const auto client_of = [&](std::string peer) {
    http::Request request;
    request.method = "POST";
    request.target = "/api/v23.3/auth";
    request.path = request.target;
    request.remote_address = std::move(peer);
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.headers.add("X-Forwarded-For", "203.0.113.5");
    auto begun = behind_proxy.begin(request);
    auto& accepted = std::get<http::Accepted>(begun);
    EXPECT_EQ(accepted.pool, http::Pool::kPassword);
    return accepted.client;
  };
  EXPECT_EQ(client_of("10.0.0.1"), "203.0.113.5");
  EXPECT_EQ(client_of("198.51.100.7"), "198.51.100.7");
}

// A store that broke: every read and write fails.
class BrokenStore final : public directory::Store {
 public:
  Result<void> read(const std::function<Result<void>(directory::Reader&)>&) override {
    return fail(ErrorType::kUnexpectedError, "journal is gone");
  }
  Result<void> write(const directory::Actor&,
                     const std::function<Result<void>(directory::Transaction&)>&) override {
    return fail(ErrorType::kUnexpectedError, "journal is gone");
  }
  bool initialised() const override { return true; }
  Result<void> mark_initialised() override { return {}; }
  bool failed() const override { return true; }
};

TEST_F(CommonRules, StoreFailureInTheMiddleIsAnException) {
  BrokenStore broken;
  directory::UserService users(broken, clock_);
  Api api({users, sessions_, password_changes_, broken, clock_, random_, hasher_, metrics_}, {});
  const Reply reply =
      call_on(api, {.method = "PUT",
                    .path = "/objects/users",
                    .session = admin(),
                    .headers = {{"Content-Type", "text/csv"}, {"Accept", "text/csv"}},
                    .body = "id,user_title__v\n25001,Director\n"});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json;charset=UTF-8");
  EXPECT_EQ(reply.header("X-VaultAPI-Status"), "EXCEPTION");
  EXPECT_EQ(reply.error_type(), "UNEXPECTED_ERROR");
  EXPECT_EQ(reply.message(),
            "Unexpected error, execution ID [" + reply.header("X-VaultAPI-ExecutionId") + "].");
}

TEST_F(CommonRules, AcceptLinesAreOneList) {
  const Reply reply = call({.method = "PUT",
                            .path = "/objects/users",
                            .session = admin(),
                            .headers = {{"Content-Type", "text/csv"},
                                        {"Accept", "application/json;q=0.5"},
                                        {"Accept", "text/csv"}},
                            .body = "id\n"});
  EXPECT_EQ(reply.content_type, "text/csv;charset=UTF-8");
}

TEST(RouteTable, RowsAreCompleteAndEachIsReached) {
  for (const Route& route : all_routes()) {
    std::string path(route.path);
    if (const auto at = path.find("{version}"); at != path.npos) path.replace(at, 9, "v26.2");
    if (const auto at = path.find("{id}"); at != path.npos) path.replace(at, 4, "25001");
    const auto match = find_route(route.method, path);
    ASSERT_TRUE(match) << path;
    EXPECT_EQ(match->route, &route) << path << " is hidden by " << match->route->path;
    EXPECT_NE(route.handler, nullptr) << path;
    EXPECT_FALSE(route.offers.empty()) << path;
    const bool is_file = route.path.ends_with(".csv") || route.path.ends_with("/file");
    EXPECT_EQ(route.offers.front(),
              is_file ? codec::AnswerFormat::kCsv : codec::AnswerFormat::kJson)
        << path;
  }
}

}  // namespace
}  // namespace muster::vault_api
