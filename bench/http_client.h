// A lean blocking HTTP/1.1 client for the load generators: one keep-alive connection to
// 127.0.0.1, whole requests out, whole responses in. Throws std::runtime_error when the
// peer misbehaves: a benchmark that went wrong must not print figures.
// One client per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace muster::bench {

// A connected socket without Nagle's delay; the caller closes it.
[[nodiscard]] int connect_to(std::uint16_t port);

// "PUT /path" and its fields; `length` counts where a content type is given.
[[nodiscard]] std::string request_head(std::string_view method_and_path, std::string_view session,
                                       std::string_view content_type = "", std::size_t length = 0);

// How often `part` stands in `text`.
[[nodiscard]] int count_of(std::string_view part, std::string_view text);

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
