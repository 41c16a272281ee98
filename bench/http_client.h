// A lean blocking HTTP/1.1 client for the load generator: one keep-alive connection to
// 127.0.0.1, whole requests out, whole responses in. Throws std::runtime_error when the
// peer misbehaves: a benchmark that went wrong must not print figures.
// One client per thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace muster::bench {

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Sends head and body with one system call where possible. The view of the answer's body
  // lives until the next call.
  std::string_view exchange(std::string_view head, std::string_view body);

 private:
  void send_all(std::string_view head, std::string_view body) const;
  void receive();

  int socket_ = -1;
  std::string buffer_;
  std::size_t received_ = 0;
};

}  // namespace muster::bench
