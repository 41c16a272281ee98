#include "http/stream.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <tuple>
#include <utility>

namespace muster::http {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

Stream::Transfer transfer(const std::tuple<ErrorCode, std::size_t>& result,
                          const Deadline& deadline) {
  const auto& [error, bytes] = result;
  return {.bytes = error ? 0 : bytes, .timed_out = error && deadline.passed()};
}

}  // namespace

Stream::Stream(Socket socket, std::shared_ptr<asio::ssl::context> tls)
    : socket_(std::move(socket)), context_(std::move(tls)), deadline_(socket_) {
  if (context_) tls_ = std::make_unique<asio::ssl::stream<Socket&>>(socket_, *context_);
}

Awaitable<bool> Stream::handshake(TimePoint deadline) {
  if (!tls_) co_return true;
  deadline_.arm(deadline);
  const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kAwait);
  co_return !error;
}

Awaitable<Stream::Transfer> Stream::read(std::span<char> into, TimePoint deadline) {
  const asio::mutable_buffer buffer(into.data(), into.size());
  deadline_.arm(deadline);
  if (tls_) co_return transfer(co_await tls_->async_read_some(buffer, kAwait), deadline_);
  co_return transfer(co_await socket_.async_read_some(buffer, kAwait), deadline_);
}

Awaitable<Stream::Transfer> Stream::write(std::string_view first, std::string_view second,
                                          TimePoint deadline) {
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(first), asio::buffer(second)};
  deadline_.arm(deadline);
  if (tls_) co_return transfer(co_await tls_->async_write_some(buffers, kAwait), deadline_);
  co_return transfer(co_await socket_.async_write_some(buffers, kAwait), deadline_);
}

Awaitable<void> Stream::finish_writing(TimePoint deadline) {
  deadline_.arm(deadline);
  if (tls_) co_await tls_->async_shutdown(kAwait);  // ends with an error when data still comes
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

Awaitable<Stream::Transfer> Stream::discard(std::span<char> into, TimePoint deadline) {
  const asio::mutable_buffer buffer(into.data(), into.size());
  deadline_.arm(deadline);
  co_return transfer(co_await socket_.async_read_some(buffer, kAwait), deadline_);
}

void Stream::cut() {
  ErrorCode ignored;
  socket_.close(ignored);
}

std::string Stream::remote_address() const { return remote_address_of(socket_); }

std::string remote_address_of(const Socket& socket) {
  ErrorCode error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return {};
  const auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace muster::http
