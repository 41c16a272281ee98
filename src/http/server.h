// The HTTP/1.1 server: listens, guards the framing, feeds a Service, answers, drains.
//
//   auto server = Server::start({.port = 8080}, service, metrics);
//   ... wait for a signal ...
//   (*server)->drain();
//
// start() returns with the port open and the threads running. `service` and `metrics` must outlive
// the server. start(), drain(), reload_certificate() and the destructor belong to one thread, which
// is none of the server's; port() may be called from anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/address_range.h"
#include "base/limits.h"
#include "base/metrics.h"
#include "base/result.h"
#include "http/message.h"

namespace muster::http {

// The limits of base/limits.h that belong to a connection. Tests shorten them.
struct ServerLimits {
  std::size_t connections_max = limits::kConnectionsMax;  // of more, idle ones are cut
  std::size_t connections_per_client_max = limits::kConnectionsPerAddressDefault;
  std::size_t worker_queue_max = limits::kWorkerQueueMax;  // full answers 503
  std::size_t password_queue_max = limits::kPasswordQueueMax;
  std::size_t passwords_per_client_max = limits::kPasswordsPerClientMax;
  std::size_t answer_bytes_max = limits::kAnswerBytesMax;  // not read yet; of more, answers 503
  std::size_t answer_bytes_per_client_max = limits::kAnswerBytesPerClientMax;
  std::int64_t header_timeout_ms = limits::kHeaderTimeoutMs;  // also for the TLS handshake
  std::int64_t idle_timeout_ms = limits::kIdleTimeoutMs;
  std::int64_t read_timeout_ms = limits::kReadTimeoutMs;
  std::int64_t body_bytes_per_second_min = limits::kBodyBytesPerSecondMin;
  std::int64_t write_timeout_ms = limits::kWriteTimeoutMs;
  std::uint64_t linger_bytes_max = limits::kLingerBytesMax;
  std::int64_t linger_timeout_ms = limits::kLingerTimeoutMs;
  std::int64_t drain_timeout_ms = limits::kDrainTimeoutMs;
};

struct ServerOptions {
  std::string address = "127.0.0.1";             // an IPv4 or IPv6 address
  std::uint16_t port = 8080;                     // 0: a free one, see Server::port()
  std::string tls_cert = {};                     // PEM file with the chain; empty: plain HTTP
  std::string tls_key = {};                      // PEM file
  std::vector<AddressRange> trusted_peers = {};  // addresses without connections_per_client_max
  int io_threads = 2;
  int worker_threads = 16;
  int password_threads = 0;  // 0: as many as there are cores
  ServerLimits limits = {};
};

class Server {
 public:
  // Errors: kUnexpectedError with a text for the operator (address in use, unreadable certificate).
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                             Service& service, Metrics& metrics);

  // Stops at once when drain() was not called: running requests lose their connection.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;

  // Closes the port, lets running requests finish and their answers leave, refuses new requests on
  // kept-alive connections with 503 and Connection: close; returns when no request runs, at the
  // latest after drain_timeout_ms. All connections are closed then. False: a request still holds a
  // worker, and is named in the log. It cannot be taken away: end the process, as the destructor
  // would wait for it.
  [[nodiscard]] bool drain();

  // Reads certificate and key again, for the connections that come from now on. Errors: as of
  // start(); then everything stays as it was. Nothing to do without TLS.
  [[nodiscard]] Result<void> reload_certificate();

 private:
  class State;  // keeps Asio out of this header
  explicit Server(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace muster::http
