#include "http/listener.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <memory>
#include <utility>

#include "base/log.h"
#include "http/connection.h"
#include "http/refusal.h"
#include "http/stream.h"

namespace muster::http {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

constexpr std::int64_t kAcceptPauseMs = 50;
constexpr int kSendBufferBytes = 64 * 1024;

// A connection's place in the counts, as long as it lives.
class Place {
 public:
  Place(Serving& serving, IoThread& home, std::shared_ptr<OpenConnection> connection)
      : serving_(&serving), home_(&home), connection_(std::move(connection)) {
    count(1);
  }
  Place(Place&& other) noexcept
      : serving_(std::exchange(other.serving_, nullptr)),
        home_(other.home_),
        connection_(std::move(other.connection_)) {}
  Place& operator=(Place&&) = delete;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    if (serving_ == nullptr) return;
    serving_->connections.remove(*connection_);
    count(-1);
  }

  [[nodiscard]] OpenConnection& connection() const { return *connection_; }

 private:
  void count(int change) {
    serving_->metrics.connections.Increment(change);
    home_->load() += change;
  }

  Serving* serving_;
  IoThread* home_;
  std::shared_ptr<OpenConnection> connection_;
};

Awaitable<void> serve_in_place(Socket socket, Serving& serving, IoThread& home, Place place) {
  const Place held = std::move(place);  // goes with this frame, whoever destroys it
  co_await serve_connection(std::move(socket), serving, home.blocks(), held.connection());
}

void take_in(Socket socket, IoThread& home, Serving& serving) {
  auto connection = serving.connections.admit(remote_address_of(socket), home.context());
  if (!connection) {
    serving.metrics.refused_framing(refusal_text(connection.error())).Increment();
    return;  // closes it
  }
  Place place(serving, home, std::move(*connection));
  ErrorCode ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  // The kernel would grow it to megabytes: memory for clients that do not read, and no word for
  // half a minute that a slow one still does.
  socket.set_option(asio::socket_base::send_buffer_size(kSendBufferBytes), ignored);
  asio::co_spawn(home.context(), serve_in_place(std::move(socket), serving, home, std::move(place)),
                 [&metrics = serving.metrics](const std::exception_ptr& exception) {
                   if (exception) report_escape(metrics, exception);
                 });
}

std::unexpected<Error> cannot_listen(const std::string& address, std::uint16_t port,
                                     const ErrorCode& error) {
  return fail(ErrorType::kUnexpectedError,
              fmt::format("Cannot listen on {} port {}: {}", address, port, error.message()));
}

}  // namespace

Result<Acceptor> open_acceptor(asio::io_context& context, const std::string& address,
                               std::uint16_t port) {
  ErrorCode error;
  const Tcp::endpoint endpoint(asio::ip::make_address(address, error), port);
  if (error) return cannot_listen(address, port, error);
  Acceptor acceptor(context);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(address, port, error);
  return acceptor;
}

Awaitable<void> accept_connections(Acceptor& acceptor, IoThreads& threads, Serving& serving) {
  Timer pause(acceptor.get_executor());
  bool pausing = false;  // one log line for a row of failures
  while (acceptor.is_open()) {
    IoThread& home = threads.least_loaded();
    Socket socket(home.context());
    const auto [error] = co_await acceptor.async_accept(socket, kAwait);
    if (!error) {
      pausing = false;
      try {
        take_in(std::move(socket), home, serving);
      } catch (...) {
        report_escape(serving.metrics, std::current_exception());
      }
    } else if (error != asio::error::operation_aborted &&
               error != asio::error::connection_aborted) {
      if (!pausing) log::warning("cannot accept connections", {{"error", error.message()}});
      pausing = true;
      pause.expires_after(std::chrono::milliseconds(kAcceptPauseMs));
      co_await pause.async_wait(kAwait);
    }
  }
}

void report_escape(Metrics& metrics, const std::exception_ptr& exception) noexcept try {
  metrics.refused_framing(refusal_text(Refusal::kInternalError)).Increment();
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& caught) {
    log::error("exception ended a connection", {{"what", caught.what()}});
  } catch (...) {
    log::error("exception ended a connection");
  }
} catch (...) {  // NOLINT(bugprone-empty-catch): no memory to say so; going on matters more
}

}  // namespace muster::http
