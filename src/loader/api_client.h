// Calls to the API over one connection, in a session that several clients may share.
//
//   ApiClient client(HttpConnection(url, trust), session);
//   auto answer = client.call({.method = "GET", .target = path});
//
// A session that ended is replaced by a new login, and the call is made again.
// Not thread-safe: one per thread.
#pragma once

#include <string>

#include "base/result.h"
#include "loader/api_session.h"
#include "loader/http_connection.h"

namespace muster::loader {

class ApiClient {
 public:
  // `session` must outlive the client.
  ApiClient(HttpConnection connection, ApiSession& session)
      : connection_(std::move(connection)), session_(session) {}

  // The answer, whatever it says. kUnexpectedError when there is none or it is no answer of the API
  // (HTTP status 5xx, 4xx): calling again may help. kInsufficientAccess when the session ended and
  // the server refuses a new login.
  [[nodiscard]] Result<HttpAnswer> call(HttpRequest request);
  // The same with the body of a success going to `sink`, which sees nothing of a failure's.
  [[nodiscard]] Result<HttpAnswer> call(HttpRequest request, const BodySink& sink);

  [[nodiscard]] HttpConnection& connection() { return connection_; }

 private:
  [[nodiscard]] Result<HttpAnswer> exchange(const HttpRequest& request, const BodySink* sink);
  [[nodiscard]] Result<HttpAnswer> call_in_session(HttpRequest request, const BodySink* sink);

  HttpConnection connection_;
  ApiSession& session_;
};

}  // namespace muster::loader
