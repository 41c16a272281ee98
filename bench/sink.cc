// The HTTP share of every figure: a Beast server on one thread that reads a body and answers how
// long it was, or always answers the same file. It understands nothing else.
//
//   bench_sink [FILE]     prints "port N", serves 127.0.0.1 until its standard input ends
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/system/system_error.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::size_t kChunkBytes = 64 * 1024;

class Session {
 public:
  Session(tcp::socket socket, const std::string& fixed)
      : stream_(std::move(socket)), fixed_(fixed), chunk_(kChunkBytes) {
    // Beast reads no more at once than the buffer has room for, and that begins with 512 bytes.
    buffer_.reserve(kChunkBytes);
  }

  // Until the client hangs up.
  asio::awaitable<void> run() try {
    for (;;) {
      http::request_parser<http::buffer_body> parser;
      parser.body_limit(boost::none);
      co_await http::async_read_header(stream_, buffer_, parser, asio::use_awaitable);
      const std::uint64_t bytes = co_await read_body(parser);
      http::response<http::string_body> answer{http::status::ok, 11};
      answer.set(http::field::server, "sink");
      answer.set(http::field::content_type, "application/json;charset=UTF-8");
      answer.body() = fixed_.empty() ? std::to_string(bytes) : fixed_;
      answer.prepare_payload();
      co_await http::async_write(stream_, answer, asio::use_awaitable);
    }
  } catch (const boost::system::system_error&) {
  }

 private:
  asio::awaitable<std::uint64_t> read_body(http::request_parser<http::buffer_body>& parser) {
    std::uint64_t bytes = 0;
    while (!parser.is_done()) {
      auto& body = parser.get().body();
      body.data = chunk_.data();
      body.size = chunk_.size();
      beast::error_code error;
      co_await http::async_read(stream_, buffer_, parser,
                                asio::redirect_error(asio::use_awaitable, error));
      if (error && error != http::error::need_buffer) throw boost::system::system_error(error);
      bytes += chunk_.size() - body.size;
    }
    co_return bytes;
  }

  beast::tcp_stream stream_;
  const std::string& fixed_;
  beast::flat_buffer buffer_{kChunkBytes};
  std::vector<char> chunk_;
};

asio::awaitable<void> serve(tcp::socket socket, const std::string& fixed) {
  socket.set_option(tcp::no_delay(true));
  Session session(std::move(socket), fixed);
  co_await session.run();
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, const std::string& fixed) {
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), fixed), asio::detached);
  }
}

std::string read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + std::string(path));
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string fixed = argc > 1 ? read_file(argv[1]) : std::string();
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  asio::co_spawn(context, accept(acceptor, fixed), asio::detached);
  // Ends with whoever started it.
  asio::posix::stream_descriptor input(context, 0);
  char byte = 0;
  asio::async_read(input, asio::buffer(&byte, 1),
                   [&context](const auto&, std::size_t) { context.stop(); });
  std::printf("port %d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  context.run();
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_sink: %s\n", error.what());
  return 1;
}
