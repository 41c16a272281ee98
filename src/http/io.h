// The event loop's types, named once. Concrete executors instead of Asio's type-erased default:
// every connection lives on one thread's loop from its acceptance to its end.
//
//   auto [error, bytes] = co_await socket.async_read_some(buffer, kAwait);
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>

namespace muster::http {

using Executor = boost::asio::io_context::executor_type;
template <typename T>
using Awaitable = boost::asio::awaitable<T, Executor>;
using Tcp = boost::asio::ip::tcp;
using Socket = boost::asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<Tcp, Executor>;
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;

// An error is an ordinary result here: a peer that hangs up is no exception.
inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<Executor>> kAwait{
    boost::asio::use_awaitable_t<Executor>{}};

[[nodiscard]] inline TimePoint after_ms(std::int64_t ms) {
  return Clock::now() + std::chrono::milliseconds(ms);
}

}  // namespace muster::http
