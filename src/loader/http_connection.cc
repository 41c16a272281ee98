#include "loader/http_connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <optional>

#include "base/text.h"
#include "loader/limits.h"

namespace muster::loader {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using ErrorCode = boost::system::error_code;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

// Errors are ordinary here: a server may leave at any time.
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kConnectTimeout{limits::kConnectTimeoutMs};
constexpr std::chrono::milliseconds kIoTimeout{limits::kIoTimeoutMs};

http::request<http::span_body<const char>> wire_request(const HttpRequest& request,
                                                        const ServerUrl& url) {
  http::request<http::span_body<const char>> out;
  out.version(11);
  out.method_string(request.method);
  out.target(url.prefix + request.target);
  out.set(http::field::host, url.authority());
  for (const auto& [name, value] : request.headers) out.set(name, value);
  out.body() = {request.body.data(), request.body.size()};
  if (!request.body.empty() || request.method != "GET") out.content_length(request.body.size());
  return out;
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return {};
}

struct TlsTrust::Context {
  asio::ssl::context tls{asio::ssl::context::tls_client};
};

Result<TlsTrust> TlsTrust::load(const std::string& ca_file) {
  TlsTrust trust;
  trust.context_ = std::make_shared<Context>();
  asio::ssl::context& tls = trust.context_->tls;
  ErrorCode error;
  tls.set_verify_mode(asio::ssl::verify_peer, error);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(tls.native_handle(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (!error) tls.set_default_verify_paths(error);
  if (!error && !ca_file.empty()) tls.load_verify_file(ca_file, error);
  if (!error) return trust;
  return fail(ErrorType::kInvalidData, ca_file + ": no certificates can be read from it");
}

// The connection itself. Each exchange runs its coroutine to its end on a loop of its own, so that
// callers see a plain function.
struct HttpConnection::Wire {
  Wire(ServerUrl server, TlsTrust whom) : url(std::move(server)), trust(std::move(whom)) {}

  Result<HttpAnswer> run(const HttpRequest& request, const BodySink& sink) {
    Result<HttpAnswer> result = fail(ErrorType::kUnexpectedError, {});
    loop.restart();
    asio::co_spawn(loop, talk(request, sink),
                   [&](const std::exception_ptr& thrown, Result<HttpAnswer> answer) {
                     result = thrown ? failure("out of memory") : std::move(answer);
                   });
    loop.run();
    if (!result) close();
    return result;
  }

  [[nodiscard]] std::unexpected<Error> failure(const std::string& what) const {
    return fail(ErrorType::kUnexpectedError,
                (url.tls ? "https://" : "http://") + url.authority() + ": " + what);
  }

  // What TLS itself says (a certificate that does not fit) will be said again the next time.
  [[nodiscard]] std::unexpected<Error> failure(const ErrorCode& error) const {
    auto failed = failure(error.message());
    if (error.category() == asio::error::get_ssl_category()) {
      failed.error().type = ErrorType::kInsufficientAccess;
    }
    return failed;
  }

  void close() {
    plain.reset();
    secure.reset();
    buffer.clear();
  }

  asio::awaitable<ErrorCode> connect() {
    close();
    asio::ip::tcp::resolver resolver(loop);
    const auto [unknown, addresses] = co_await resolver.async_resolve(url.host, url.port, kTuple);
    if (unknown) co_return unknown;
    beast::tcp_stream socket(loop);
    socket.expires_after(kConnectTimeout);
    const auto [refused, to] = co_await socket.async_connect(addresses, kTuple);
    if (refused) co_return refused;
    ErrorCode ignored;
    socket.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    if (!url.tls) {
      plain.emplace(std::move(socket));
      co_return ErrorCode{};
    }
    secure.emplace(std::move(socket), trust.context_->tls);
    SSL_set_tlsext_host_name(secure->native_handle(), url.host.c_str());
    secure->set_verify_callback(asio::ssl::host_name_verification(url.host));
    beast::get_lowest_layer(*secure).expires_after(kConnectTimeout);
    const auto [distrusted] =
        co_await secure->async_handshake(asio::ssl::stream_base::client, kTuple);
    co_return distrusted;
  }

  asio::awaitable<Result<HttpAnswer>> talk(const HttpRequest& request, const BodySink& sink) {
    if (!plain && !secure) {
      if (const ErrorCode error = co_await connect(); error) co_return failure(error);
    }
    if (secure) co_return co_await talk_over(*secure, request, sink);
    co_return co_await talk_over(*plain, request, sink);
  }

  template <typename Stream>
  asio::awaitable<Result<HttpAnswer>> talk_over(Stream& stream, const HttpRequest& request,
                                                const BodySink& sink) {
    auto out = wire_request(request, url);
    beast::get_lowest_layer(stream).expires_after(kIoTimeout);
    const auto [unsent, sent] = co_await http::async_write(stream, out, kTuple);
    if (unsent) co_return failure(unsent);

    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    const auto [headless, head_bytes] =
        co_await http::async_read_header(stream, buffer, parser, kTuple);
    if (headless) co_return failure(headless);
    HttpAnswer answer;
    answer.status = parser.get().result_int();
    for (const auto& field : parser.get()) {
      answer.headers.emplace_back(field.name_string(), field.value());
    }
    std::vector<char> chunk(limits::kReadBytes / 4);
    while (!parser.is_done()) {
      parser.get().body().data = chunk.data();
      parser.get().body().size = chunk.size();
      parser.get().body().more = true;
      beast::get_lowest_layer(stream).expires_after(kIoTimeout);
      auto [cut, bytes] = co_await http::async_read_some(stream, buffer, parser, kTuple);
      if (cut == http::error::need_buffer) cut = {};
      if (cut) co_return failure(cut);
      const std::size_t filled = chunk.size() - parser.get().body().size;
      if (const auto taken = sink(answer, {chunk.data(), filled}); !taken) {
        co_return std::unexpected(taken.error());
      }
    }
    const bool ends = !parser.get().keep_alive();
    beast::get_lowest_layer(stream).expires_never();
    if (ends) close();
    co_return answer;
  }

  ServerUrl url;
  TlsTrust trust;
  asio::io_context loop{1};
  std::optional<beast::tcp_stream> plain;
  std::optional<TlsStream> secure;
  beast::flat_buffer buffer{limits::kReadBytes};
};

HttpConnection::HttpConnection(ServerUrl url, TlsTrust trust)
    : wire_(std::make_unique<Wire>(std::move(url), std::move(trust))) {}
HttpConnection::~HttpConnection() = default;
HttpConnection::HttpConnection(HttpConnection&&) noexcept = default;
HttpConnection& HttpConnection::operator=(HttpConnection&&) noexcept = default;

Result<HttpAnswer> HttpConnection::exchange(const HttpRequest& request) {
  std::string body;
  auto answer = exchange(request, [&](const HttpAnswer&, std::string_view piece) -> Result<void> {
    if (body.size() + piece.size() > limits::kAnswerBytesMax) {
      return fail(ErrorType::kUnexpectedError, "The server's answer is too long.");
    }
    body.append(piece);
    return {};
  });
  if (answer) answer->body = std::move(body);
  return answer;
}

Result<HttpAnswer> HttpConnection::exchange(const HttpRequest& request, const BodySink& sink) {
  return wire_->run(request, sink);
}

}  // namespace muster::loader
