// A client's connection to one server: a request out, its answer in, one after the other, kept open
// in between. With https the server's certificate is verified, its name included.
//
//   HttpConnection connection(url, trust);
//   auto answer = connection.exchange({.method = "GET", .target = "/readyz"});
//
// A connection that broke is opened again by the next call. Nothing is sent twice: whether that is
// safe is for the caller to know.
// Blocking, with a time limit on every step. Not thread-safe: one per thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "loader/server_url.h"

namespace muster::loader {

struct HttpRequest {
  std::string method;
  std::string target;  // below the URL's prefix: "/api/v24.3/objects/users"
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string_view body{};
};

struct HttpAnswer {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  // empty when it went to a sink

  // Of the first header of that name, in any case; empty without one.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

// Takes the body as it arrives; the answer holds status and headers. An error ends the exchange.
using BodySink = std::function<Result<void>(const HttpAnswer&, std::string_view)>;

// Whom to trust with https, shared by all connections. Thread-safe.
class TlsTrust {
 public:
  // `ca_file`: certificates (PEM) besides those of the system; may be empty. kInvalidData when none
  // can be read from it.
  [[nodiscard]] static Result<TlsTrust> load(const std::string& ca_file);

 private:
  friend class HttpConnection;
  struct Context;
  std::shared_ptr<Context> context_;
};

class HttpConnection {
 public:
  HttpConnection(ServerUrl url, TlsTrust trust);
  ~HttpConnection();
  HttpConnection(HttpConnection&&) noexcept;
  HttpConnection& operator=(HttpConnection&&) noexcept;

  // kUnexpectedError naming the server when there is no whole answer: no connection, a cut, silence
  // for too long, a body over kAnswerBytesMax. kInsufficientAccess for a certificate that does not
  // fit.
  [[nodiscard]] Result<HttpAnswer> exchange(const HttpRequest& request);
  [[nodiscard]] Result<HttpAnswer> exchange(const HttpRequest& request, const BodySink& sink);

 private:
  struct Wire;
  std::unique_ptr<Wire> wire_;
};

}  // namespace muster::loader
