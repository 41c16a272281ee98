#include "http_client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace muster::bench {
namespace {

std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const auto at = head.find(kName);
  if (at == std::string_view::npos) throw std::runtime_error("answer without Content-Length");
  std::size_t length = 0;
  std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
  return length;
}

}  // namespace

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to 127.0.0.1:" + std::to_string(port));
  }
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

std::string request_head(std::string_view method_and_path, std::string_view session,
                         std::string_view content_type, std::size_t length) {
  std::string head(method_and_path);
  head += " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (!session.empty()) head.append("Authorization: ").append(session).append("\r\n");
  if (!content_type.empty()) {
    head.append("Content-Type: ").append(content_type).append("\r\nContent-Length: ");
    head.append(std::to_string(length)).append("\r\n");
  }
  return head + "\r\n";
}

int count_of(std::string_view part, std::string_view text) {
  int count = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while ((at = static_cast<const char*>(::memmem(at, static_cast<std::size_t>(end - at),
                                                 part.data(), part.size()))) != nullptr) {
    ++count;
    at += part.size();
  }
  return count;
}

HttpClient::HttpClient(std::uint16_t port) : socket_(connect_to(port)), buffer_(256 * 1024, '\0') {}

HttpClient::~HttpClient() { ::close(socket_); }

std::string_view HttpClient::exchange(std::string_view head, std::string_view body) {
  send_all(head, body);
  received_ = 0;
  std::size_t head_end = std::string_view::npos;
  while (head_end == std::string_view::npos) {
    receive();
    head_end = std::string_view(buffer_.data(), received_).find("\r\n\r\n");
  }
  const std::size_t begin = head_end + 4;
  const std::size_t length = content_length(std::string_view(buffer_.data(), begin));
  if (begin + length > buffer_.size()) buffer_.resize(begin + length);
  while (received_ < begin + length) receive();
  return {buffer_.data() + begin, length};
}

void HttpClient::send_all(std::string_view head, std::string_view body) const {
  std::size_t sent = 0;
  while (sent < head.size() + body.size()) {
    const std::string_view first = sent < head.size() ? head.substr(sent) : std::string_view();
    const std::string_view second = sent < head.size() ? body : body.substr(sent - head.size());
    std::array<iovec, 2> parts{{{const_cast<char*>(first.data()), first.size()},
                                {const_cast<char*>(second.data()), second.size()}}};
    const ssize_t n = ::writev(socket_, parts.data(), 2);
    if (n <= 0) throw std::runtime_error("connection lost while sending");
    sent += static_cast<std::size_t>(n);
  }
}

void HttpClient::receive() {
  if (received_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
  const ssize_t n = ::recv(socket_, buffer_.data() + received_, buffer_.size() - received_, 0);
  if (n <= 0) throw std::runtime_error("connection lost while reading");
  received_ += static_cast<std::size_t>(n);
}

}  // namespace muster::bench
