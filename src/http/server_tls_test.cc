#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "http/server_for_test.h"

namespace muster::http {
namespace {

// A self-signed certificate in a folder of its own, gone with the test.
class Certificate {
 public:
  Certificate() {
    std::string pattern = (std::filesystem::temp_directory_path() / "muster_tls_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    renew();
  }
  void renew() const {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 "
        "-subj /CN=localhost -keyout " +
        key() + " -out " + cert() + " 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT: a fixed command of the test
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  [[nodiscard]] std::string cert() const { return folder_ / "cert.pem"; }
  [[nodiscard]] std::string key() const { return folder_ / "key.pem"; }
  [[nodiscard]] ServerOptions options() const { return {.tls_cert = cert(), .tls_key = key()}; }

 private:
  std::filesystem::path folder_;
};

// A TLS session on a plain client's socket.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, int version_max)
      : client_(port), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), version_max);
    SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
    session_.reset(SSL_new(context_.get()));
    SSL_set_fd(session_.get(), client_.descriptor());
    connected_ = SSL_connect(session_.get()) == 1;
  }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] std::string version() const { return SSL_get_version(session_.get()); }
  // The server's, as bytes.
  [[nodiscard]] std::string certificate() const {
    const std::unique_ptr<X509, void (*)(X509*)> sent(SSL_get1_peer_certificate(session_.get()),
                                                      X509_free);
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(sent.get(), &bytes);
    std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return text;
  }

  bool send(std::string_view bytes) {
    return SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())) ==
           static_cast<int>(bytes.size());
  }
  // Until `end` was read or the server is done.
  std::string read_until(std::string_view end) {
    std::string text;
    char byte = 0;
    while (!text.ends_with(end) && SSL_read(session_.get(), &byte, 1) == 1) text += byte;
    return text;
  }
  [[nodiscard]] bool said_goodbye() {
    char byte = 0;
    return SSL_read(session_.get(), &byte, 1) == 0 &&
           (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

 private:
  Client client_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> session_{nullptr, SSL_free};
  bool connected_ = false;
};

TEST(Tls, RoundTripsWithBothVersions) {
  const Certificate certificate;
  TestServer server(certificate.options());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server.port(), version);
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(client.version(), version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3");
    for (int i = 0; i < 3; ++i) {
      client.send(post("/a", "hello"));
      EXPECT_TRUE(client.read_until("POST /a 5").ends_with("\r\n\r\nPOST /a 5"));
    }
    client.send(post("/a", std::string(1'000'000, 'x')));
    EXPECT_TRUE(client.read_until("POST /a 1000000").ends_with("POST /a 1000000"));
  }
}

TEST(Tls, BigAnswerAndGoodbye) {
  const Certificate certificate;
  TestServer server(certificate.options());
  TlsClient client(server.port(), TLS1_3_VERSION);
  client.send("GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_TRUE(head.contains("\r\nContent-Length: 8000000\r\n")) << head;
  EXPECT_EQ(client.read_until("end of stream").size(), 8'000'000U);
  EXPECT_TRUE(client.said_goodbye());
}

TEST(Tls, EarlyAnswerReachesAClientThatWritesFirst) {
  const Certificate certificate;
  TestServer server(certificate.options());
  TlsClient client(server.port(), TLS1_3_VERSION);
  EXPECT_TRUE(client.send(post("/now", std::string(5'000'000, 'x'))));
  EXPECT_TRUE(client.read_until("now").ends_with("\r\n\r\nnow"));
}

TEST(Tls, OldVersionsAreRefused) {
  const Certificate certificate;
  TestServer server(certificate.options());
  EXPECT_FALSE(TlsClient(server.port(), TLS1_1_VERSION).connected());
  EXPECT_TRUE(TlsClient(server.port(), TLS1_2_VERSION).connected());
}

TEST(Tls, PlainHttpOnTheTlsPortIsClosed) {
  const Certificate certificate;
  TestServer server(certificate.options());
  Client client(server.port());
  client.send(get("/now"));
  client.half_close();
  EXPECT_EQ(server.service.begun(), 0);
  EXPECT_TRUE(TlsClient(server.port(), TLS1_3_VERSION).connected());
  EXPECT_TRUE(eventually([&] { return server.metrics.connections.Value() == 0; }));
}

TEST(Tls, HandshakeThatStopsIsCut) {
  const Certificate certificate;
  ServerOptions options = certificate.options();
  options.limits.header_timeout_ms = 200;
  TestServer server(options);
  Client silent(server.port());
  silent.send(std::string("\x16\x03\x01", 3));
  EXPECT_TRUE(silent.at_end());
}

TEST(Tls, NewConnectionsGetTheNewCertificate) {
  const Certificate certificate;
  TestServer server(certificate.options());
  TlsClient before(server.port(), TLS1_3_VERSION);
  const std::string old = before.certificate();
  certificate.renew();
  ASSERT_TRUE(server.server->reload_certificate());
  EXPECT_NE(TlsClient(server.port(), TLS1_3_VERSION).certificate(), old);
  before.send(get("/now"));
  EXPECT_TRUE(before.read_until("now").ends_with("\r\n\r\nnow")) << "the old connection goes on";
}

TEST(Tls, ACertificateThatCannotBeReadLeavesTheOldOne) {
  const Certificate certificate;
  TestServer server(certificate.options());
  const std::string old = TlsClient(server.port(), TLS1_3_VERSION).certificate();
  std::ofstream(certificate.cert()) << "nonsense";
  const auto reloaded = server.server->reload_certificate();
  ASSERT_FALSE(reloaded);
  EXPECT_TRUE(reloaded.error().message.contains("TLS certificate")) << reloaded.error().message;
  EXPECT_EQ(TlsClient(server.port(), TLS1_3_VERSION).certificate(), old);
}

TEST(Tls, KeyThatDoesNotFit) {
  const Certificate one;
  const Certificate other;
  Metrics metrics;
  ScriptedService service;
  const auto started =
      Server::start({.port = 0, .tls_cert = one.cert(), .tls_key = other.key()}, service, metrics);
  ASSERT_FALSE(started);
  EXPECT_TRUE(started.error().message.contains("TLS key")) << started.error().message;
}

}  // namespace
}  // namespace muster::http
