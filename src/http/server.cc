#include "http/server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <future>
#include <limits>
#include <optional>
#include <thread>
#include <utility>

#include "base/assert.h"
#include "base/log.h"
#include "http/io_threads.h"
#include "http/listener.h"
#include "http/serving.h"
#include "http/tls.h"

namespace muster::http {
namespace {

using TlsContext = std::optional<boost::asio::ssl::context>;

int password_threads(const ServerOptions& options) {
  if (options.password_threads > 0) return options.password_threads;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// One client may fill the queue: taking turns leaves it the last places only.
WorkerPool::Bounds general_bounds(const ServerLimits& limits) {
  return {.queue_max = limits.worker_queue_max,
          .per_client_max = std::numeric_limits<std::size_t>::max()};
}

WorkerPool::Bounds password_bounds(const ServerLimits& limits) {
  return {.queue_max = limits.password_queue_max,
          .per_client_max = limits.passwords_per_client_max};
}

Result<TlsContext> tls_of(const ServerOptions& options) {
  if (options.tls_cert.empty() && options.tls_key.empty()) return std::nullopt;
  auto context = make_tls_context(options.tls_cert, options.tls_key);
  if (!context) return std::unexpected(std::move(context.error()));
  return TlsContext(std::move(*context));
}

}  // namespace

class Server::State {
 public:
  State(const ServerOptions& options, TlsContext tls, Service& service, Metrics& metrics)
      : serving_{.service = service,
                 .metrics = metrics,
                 .limits = options.limits,
                 .tls = std::move(tls),
                 .general = {options.worker_threads, general_bounds(options.limits),
                             metrics.worker_queue},
                 .password = {password_threads(options), password_bounds(options.limits),
                              metrics.password_queue}},
        threads_(std::in_place, options.io_threads,
                 [&metrics](const std::exception_ptr& exception) {
                   report_escape(metrics, exception);
                 }) {
    MUSTER_ASSERT(options.limits.body_bytes_per_second_min > 0);
  }
  ~State() { stop(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Result<void> listen(const ServerOptions& options) {
    auto acceptor = open_acceptor(threads_->first().context(), options.address, options.port);
    if (!acceptor) return std::unexpected(std::move(acceptor.error()));
    port_ = acceptor->local_endpoint().port();
    acceptor_.emplace(std::move(*acceptor));
    boost::asio::co_spawn(threads_->first().context(),
                          accept_connections(*acceptor_, *threads_, serving_),
                          [](const std::exception_ptr& exception) {
                            if (exception) std::rethrow_exception(exception);  // to the net
                          });
    threads_->start();
    return {};
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

  void drain() {
    if (!threads_) return;
    close_port();
    const std::chrono::milliseconds timeout(serving_.limits.drain_timeout_ms);
    if (!serving_.activity.drain(timeout)) log::warning("requests were cut off by the shutdown");
    stop();
  }

 private:
  void close_port() {
    std::promise<void> closed;
    boost::asio::post(threads_->first().context(), [this, &closed] {
      boost::system::error_code ignored;
      acceptor_->close(ignored);
      closed.set_value();
    });
    closed.get_future().wait();
  }

  // First the loops, so that nothing new reaches the workers; then the workers, whose jobs hold
  // connections; then what is left of the connections.
  void stop() {
    if (!threads_) return;
    threads_->stop();
    serving_.general.stop();
    serving_.password.stop();
    acceptor_.reset();
    threads_.reset();
  }

  Serving serving_;
  std::optional<IoThreads> threads_;
  std::optional<Acceptor> acceptor_;
  std::uint16_t port_ = 0;
};

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Service& service,
                                              Metrics& metrics) {
  auto tls = tls_of(options);
  if (!tls) return std::unexpected(std::move(tls.error()));
  auto state = std::make_unique<State>(options, std::move(*tls), service, metrics);
  if (const auto listening = state->listen(options); !listening) {
    return std::unexpected(listening.error());
  }
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() = default;

std::uint16_t Server::port() const { return state_->port(); }

void Server::drain() { state_->drain(); }

}  // namespace muster::http
