#include "app/healthcheck.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/http.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>

namespace muster::app {
namespace {

constexpr int kTimeoutSeconds = 5;
constexpr std::size_t kAnswerBytesMax = std::size_t{64} * 1024;

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(char* text) const { OPENSSL_free(text); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

struct Url {
  Owned<char> host;
  Owned<char> path;
  bool tls = false;
};

std::string last_error() {
  std::array<char, 256> text{};
  const unsigned long code = ERR_peek_last_error();
  if (code == 0) return "no answer";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

Result<Url> parse_url(const std::string& text) {
  char* host = nullptr;
  char* path = nullptr;
  int tls = 0;
  if (OSSL_HTTP_parse_url(text.c_str(), &tls, nullptr, &host, nullptr, nullptr, &path, nullptr,
                          nullptr) != 1) {
    return fail(ErrorType::kInvalidData,
                "--url: invalid value [" + text + "]: http://HOST:PORT or https:// is needed");
  }
  return Url{Owned<char>(host), Owned<char>(path), tls == 1};
}

struct Trust {
  SSL_CTX* context;
  const char* host;
};

// Called by OpenSSL's HTTP client before and after the exchange: puts TLS on top of the socket.
BIO* put_tls_on(BIO* socket, void* argument, int connect, int /*detail*/) {
  if (connect == 0) return socket;
  const auto* trust = static_cast<const Trust*>(argument);
  BIO* tls = BIO_new_ssl(trust->context, 1);
  if (tls == nullptr) return nullptr;
  SSL* ssl = nullptr;
  BIO_get_ssl(tls, &ssl);
  SSL_set_tlsext_host_name(ssl, trust->host);
  SSL_set1_host(ssl, trust->host);
  return BIO_push(tls, socket);
}

Result<Owned<SSL_CTX>> make_context(const HealthQuestion& question) {
  Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(context.get(), question.trust_all ? SSL_VERIFY_NONE : SSL_VERIFY_PEER,
                     nullptr);
  const bool loaded = question.ca_file.empty()
                          ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                          : SSL_CTX_load_verify_file(context.get(), question.ca_file.c_str()) == 1;
  if (loaded) return context;
  return fail(ErrorType::kUnexpectedError,
              question.ca_file + ": no certificates can be read from it");
}

}  // namespace

Result<void> check_health(const HealthQuestion& question) {
  const auto url = parse_url(question.url);
  if (!url) return std::unexpected(url.error());
  const auto context = make_context(question);
  if (!context) return std::unexpected(context.error());
  std::string target = question.url;
  if (std::string_view(url->path.get()) == "/") {
    if (!target.ends_with('/')) target += '/';
    target += "readyz";
  }
  Trust trust{context->get(), url->host.get()};
  const Owned<BIO> answer(OSSL_HTTP_get(target.c_str(), nullptr, "*", nullptr, nullptr,
                                        url->tls ? put_tls_on : nullptr, &trust, 0, nullptr,
                                        nullptr, 0, kAnswerBytesMax, kTimeoutSeconds));
  if (answer) return {};
  return fail(ErrorType::kUnexpectedError, target + ": " + last_error());
}

}  // namespace muster::app
