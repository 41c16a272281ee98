#include "app/operations.h"

#include <algorithm>
#include <string>

#include "base/assert.h"
#include "base/error.h"

namespace muster::app {
namespace {

constexpr std::string_view kHealth = "/healthz";
constexpr std::string_view kReady = "/readyz";
constexpr std::string_view kMetrics = "/metrics";
constexpr std::string_view kJson = "application/json;charset=UTF-8";
constexpr std::string_view kMetricsText = "text/plain; version=0.0.4; charset=utf-8";
constexpr OperationsPath kPaths[] = {{kHealth, kJson}, {kReady, kJson}, {kMetrics, kMetricsText}};

http::Response success() {
  http::Response response;
  response.body = R"({"responseStatus":"SUCCESS"})";
  return response;
}

// The envelope of the API, so that its clients and its tools read one shape. REQUIRES: the message
// needs no escaping.
http::Response failure(int status, std::string_view outcome, ErrorType type,
                       std::string_view message) {
  http::Response response;
  response.status = status;
  response.body = R"({"responseStatus":")" + std::string(outcome) + R"(","responseMessage":")" +
                  std::string(message) + R"(","errors":[{"type":")" + std::string(wire_name(type)) +
                  R"(","message":")" + std::string(message) + R"("}]})";
  return response;
}

}  // namespace

std::span<const OperationsPath> operations_paths() { return kPaths; }

Operations::Operations(const directory::Store& store, Metrics& metrics)
    : store_(store), metrics_(metrics) {}

bool Operations::serves(std::string_view path) const {
  return std::ranges::find(kPaths, path, &OperationsPath::path) != std::ranges::end(kPaths);
}

http::Response Operations::ready() const {
  if (draining_) {
    return failure(503, "EXCEPTION", ErrorType::kUnexpectedError, "The server is stopping.");
  }
  if (store_.failed()) {
    return failure(503, "EXCEPTION", ErrorType::kUnexpectedError, "The store has failed.");
  }
  if (!store_.available()) {
    return failure(503, "EXCEPTION", ErrorType::kUnexpectedError, "The database is away.");
  }
  return success();
}

http::Response Operations::answer(const http::Request& request) const {
  MUSTER_ASSERT(serves(request.path));
  if (request.method != "GET" && request.method != "HEAD") {
    return failure(200, "FAILURE", ErrorType::kMethodNotSupported, "Only GET is supported here.");
  }
  if (request.path == kReady) return ready();
  if (request.path == kHealth) return success();
  http::Response response;
  response.content_type = kMetricsText;
  response.body = metrics_.text();
  return response;
}

}  // namespace muster::app
