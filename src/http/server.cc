#include "http/server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/log.h"
#include "http/io_threads.h"
#include "http/listener.h"
#include "http/refusal.h"
#include "http/serving.h"
#include "http/tls.h"

namespace muster::http {
namespace {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

constexpr std::int64_t kWorkerGraceMs = 1'000;  // beyond the limit of a drain

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

OpenConnections::Bounds connection_bounds(const ServerOptions& options) {
  return {.max = options.limits.connections_max,
          .per_client_max = options.limits.connections_per_client_max,
          .trusted_peers = options.trusted_peers};
}

OpenConnections::OnCut count_cuts(Metrics& metrics) {
  return [&counter = metrics.refused_framing(refusal_text(Refusal::kConnectionCut))] {
    counter.Increment();
  };
}

AnswerBytes::Bounds answer_bounds(const ServerLimits& limits) {
  return {.max = limits.answer_bytes_max, .per_client_max = limits.answer_bytes_per_client_max};
}

Result<TlsContext> tls_of(const ServerOptions& options) {
  if (options.tls_cert.empty() && options.tls_key.empty()) return nullptr;
  auto context = make_tls_context(options.tls_cert, options.tls_key);
  if (!context) return std::unexpected(std::move(context.error()));
  return std::make_shared<boost::asio::ssl::context>(std::move(*context));
}

}  // namespace

class Server::State {
 public:
  State(const ServerOptions& options, TlsContext tls, Service& service, Metrics& metrics)
      : options_(options),
        serving_{.service = service,
                 .metrics = metrics,
                 .limits = options.limits,
                 .certificate = Certificate(std::move(tls)),
                 .general = {options.worker_threads, general_bounds(options.limits),
                             metrics.worker_queue},
                 .password = {password_threads(options), password_bounds(options.limits),
                              metrics.password_queue},
                 .connections = {connection_bounds(options), count_cuts(metrics)},
                 .answers = AnswerBytes(answer_bounds(options.limits))},
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

  bool drain() {
    if (!threads_) return true;
    close_port();
    const std::chrono::milliseconds timeout(serving_.limits.drain_timeout_ms);
    const bool idle = serving_.activity.drain(timeout);
    threads_->stop();
    if (!idle) log_cut_off();
    const TimePoint until = after_ms(kWorkerGraceMs);
    const bool free = serving_.general.quit(until) && serving_.password.quit(until);
    if (!free) {
      log::error("a request holds its worker beyond the limit of the shutdown");
      return false;
    }
    stop();
    return true;
  }

  Result<void> reload_certificate() {
    auto tls = tls_of(options_);
    if (!tls) return std::unexpected(std::move(tls.error()));
    serving_.certificate.replace(std::move(*tls));
    return {};
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

  void log_cut_off() const {
    constexpr std::size_t kNamedMax = 20;
    const std::vector<std::string> requests = serving_.connections.requests();
    log::warning("requests were cut off by the shutdown", {{"requests", requests.size()}});
    for (const std::string& request : requests | std::views::take(kNamedMax)) {
      log::warning("request cut off", {{"request", request}});
    }
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

  const ServerOptions options_;
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

bool Server::drain() { return state_->drain(); }

Result<void> Server::reload_certificate() { return state_->reload_certificate(); }

}  // namespace muster::http
