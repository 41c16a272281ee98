#include "http/tls.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

namespace muster::http {
namespace {

namespace ssl = boost::asio::ssl;

constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::unexpected<Error> unusable(const char* what, const std::string& file,
                                const boost::system::error_code& error) {
  return fail(ErrorType::kUnexpectedError,
              fmt::format("TLS {} {} cannot be used: {}", what, file, error.message()));
}

bool set_defaults(ssl::context& context) {
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                  SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);  // idle connections hold no record buffers
  return SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(native, kTls12Ciphers) == 1;
}

}  // namespace

Result<ssl::context> make_tls_context(const std::string& cert_file, const std::string& key_file) {
  ssl::context context(ssl::context::tls_server);
  if (!set_defaults(context)) {
    return fail(ErrorType::kUnexpectedError, "OpenSSL offers no TLS 1.2 with modern ciphers.");
  }
  boost::system::error_code error;
  context.use_certificate_chain_file(cert_file, error);
  if (error) return unusable("certificate", cert_file, error);
  context.use_private_key_file(key_file, ssl::context::pem, error);  // also checks that it fits
  if (error) return unusable("key", key_file, error);
  return context;
}

}  // namespace muster::http
