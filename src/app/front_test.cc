#include "app/front.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "store/memory/memory_store.h"

namespace muster::app {
namespace {

// A store whose disk gave an error.
class FailedStore final : public directory::Store {
 public:
  Result<void> read(const std::function<Result<void>(directory::Reader&)>&) override { return {}; }
  Result<void> write(const directory::Actor&,
                     const std::function<Result<void>(directory::Transaction&)>&) override {
    return fail(ErrorType::kUnexpectedError, "disk");
  }
  [[nodiscard]] bool initialised() const override { return true; }
  Result<void> mark_initialised() override { return {}; }
  [[nodiscard]] bool failed() const override { return true; }
};

// Answers every path with its own name.
class EchoApi final : public http::Service {
 public:
  http::Begun begin(const http::Request& request) override {
    http::Response response;
    response.body = std::string(request.path);
    return response;
  }
  bool may_wait(const http::Request&) const override { return true; }
  http::Response refusal(const http::Request&, int status, std::string_view) override {
    http::Response response;
    response.status = status;
    return response;
  }
};

class FrontTest : public testing::Test {
 protected:
  http::Response ask(std::string target, std::string method = "GET") {
    http::Request request;
    request.target = std::move(target);
    request.path = request.target;
    request.method = std::move(method);
    return std::get<http::Response>(front_.begin(request));
  }

  store::MemoryStore store_;
  Metrics metrics_;
  Operations operations_{store_, metrics_};
  EchoApi api_;
  Front front_{operations_, api_};
};

TEST_F(FrontTest, EverythingButOperationsIsTheApis) {
  EXPECT_EQ(ask("/api/v23.3/objects/users").body, "/api/v23.3/objects/users");
  EXPECT_EQ(ask("/healthz/").body, "/healthz/");
  EXPECT_EQ(ask("/").body, "/");
  EXPECT_EQ(front_.refusal({}, 431, "").status, 431);
}

TEST_F(FrontTest, OperationsWaitForNobody) {
  http::Request request;
  for (const auto& [path, waits] : {std::pair("/healthz", false), std::pair("/api/", true)}) {
    request.path = path;
    EXPECT_EQ(front_.may_wait(request), waits) << path;
  }
}

TEST_F(FrontTest, LivesAndIsReady) {
  for (const char* path : {"/healthz", "/readyz"}) {
    const http::Response response = ask(path);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"responseStatus":"SUCCESS"})");
    EXPECT_EQ(response.content_type, "application/json;charset=UTF-8");
  }
}

TEST_F(FrontTest, IsNotReadyWhileDraining) {
  operations_.set_draining();
  EXPECT_EQ(ask("/healthz").status, 200);
  EXPECT_EQ(ask("/readyz").status, 503);
  EXPECT_EQ(ask("/readyz").body,
            R"({"responseStatus":"EXCEPTION","responseMessage":"The server is stopping.",)"
            R"("errors":[{"type":"UNEXPECTED_ERROR","message":"The server is stopping."}]})");
}

TEST_F(FrontTest, IsNotReadyWithAFailedStore) {
  const FailedStore failed;
  const Operations operations(failed, metrics_);
  http::Request request;
  request.target = "/readyz";
  request.path = request.target;
  request.method = "GET";
  EXPECT_EQ(operations.answer(request).status, 503);
}

TEST_F(FrontTest, MetricsAreText) {
  metrics_.batches.Increment(3);
  const http::Response response = ask("/metrics");
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(response.body.find("muster_batches_total 3\n"), std::string::npos);
}

TEST_F(FrontTest, OtherMethodsAreRefusedInTheShapeOfTheApi) {
  const http::Response response = ask("/metrics", "POST");
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find("\"METHOD_NOT_SUPPORTED\""), std::string::npos);
}

}  // namespace
}  // namespace muster::app
