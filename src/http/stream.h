// A client's byte stream, plain or TLS, with a deadline on every operation.
//
//   Stream::Transfer got = co_await stream.read(buffer.space(), after_ms(20'000));
//   if (!got.bytes) ... got.timed_out
//
// Owns the socket. Belongs to one thread; one operation at a time.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "http/deadline.h"
#include "http/io.h"

namespace muster::http {

// "192.0.2.10"; empty when the client is gone.
[[nodiscard]] std::string remote_address_of(const Socket& socket);

class Stream {
 public:
  // `tls` null: plain.
  Stream(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls);

  struct Transfer {
    std::size_t bytes = 0;  // 0: the stream has ended, for whatever reason
    bool timed_out = false;
  };

  // TLS only; nothing to do on a plain stream. False: no connection came about.
  [[nodiscard]] Awaitable<bool> handshake(TimePoint deadline);

  // Some bytes, as many as are there.
  [[nodiscard]] Awaitable<Transfer> read(std::span<char> into, TimePoint deadline);
  // Some bytes of `first` and then `second`.
  [[nodiscard]] Awaitable<Transfer> write(std::string_view first, std::string_view second,
                                          TimePoint deadline);

  // Says that nothing more will be written.
  [[nodiscard]] Awaitable<void> finish_writing(TimePoint deadline);
  // Raw bytes after finish_writing(), to be thrown away.
  [[nodiscard]] Awaitable<Transfer> discard(std::span<char> into, TimePoint deadline);

  // Ends the connection without a word: whatever is awaited from the client ends with an error.
  void cut();

  // The client owes nothing while a request runs.
  void expect_nothing() { deadline_.disarm(); }

  [[nodiscard]] bool is_tls() const { return tls_ != nullptr; }
  [[nodiscard]] Executor executor() { return socket_.get_executor(); }
  [[nodiscard]] std::string remote_address() const;

 private:
  Socket socket_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::unique_ptr<boost::asio::ssl::stream<Socket&>> tls_;
  Deadline deadline_;
};

}  // namespace muster::http
