// A server on a free port of 127.0.0.1 with a scripted service, and raw clients to speak to it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/metrics.h"
#include "http/message.h"
#include "http/server.h"

namespace muster::http {

// Answers "METHOD target bytes" after the body. The path asks for something else:
//   /now        Response from begin()                /verdict   enough after the first piece
//   /throw/begin, /throw/body, /throw/finish, /throw/refusal (begin and refusal both throw)
//   /block      finish() waits for open_gate()       /password  the same in the password pool
//   /big        8 MB                                 /page      64 KiB
//   /unwanted   body_bytes_max 0                     /small     body_bytes_max 10
//   /delay      delay_ms 100                         /close     Response::close
//   /inject     fields that try to end their line    /empty     204
//   /wait       may_wait(): begin() waits for the gate, on a worker
//   /starve     no memory on this worker thread from the end of finish() on
// A field X-Client becomes Accepted::client.
class ScriptedService : public Service {
 public:
  [[nodiscard]] Begun begin(const Request& request) override;
  [[nodiscard]] bool may_wait(const Request& request) const override;
  // "{status} {message}" with that status.
  [[nodiscard]] Response refusal(const Request& request, int status,
                                 std::string_view message) override;

  // "METHOD target body" of the requests that came to finish(), in order.
  [[nodiscard]] std::vector<std::string> finished() const;
  [[nodiscard]] int begun() const;
  [[nodiscard]] int exchanges() const;  // alive
  [[nodiscard]] int blocked() const;    // waiting for the gate
  void open_gate();

 private:
  friend class ScriptedExchange;

  mutable std::mutex mutex_;
  std::condition_variable gate_changed_;
  std::vector<std::string> finished_;
  int begun_ = 0;
  int exchanges_ = 0;
  int blocked_ = 0;
  bool gate_open_ = false;
};

struct Answer {
  int status = 0;  // 0: the connection ended before an answer
  std::string head;
  std::string body;

  [[nodiscard]] bool has(std::string_view line) const { return head.contains(line); }
};

struct ClientOptions {
  int receive_bytes = 0;         // size of the socket's buffer; 0: the system's choice
  const char* source = nullptr;  // own address, "127.0.0.2"
};

// A blocking client. Every wait ends after 20 seconds with a failed test.
class Client {
 public:
  explicit Client(std::uint16_t port, ClientOptions options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // False: the server has closed or reset the connection.
  bool send(std::string_view bytes);
  void half_close();
  void reset();  // leaves without a goodbye
  [[nodiscard]] Answer read_answer(bool head_only = false);
  [[nodiscard]] std::string read_line_block();  // to the next blank line
  // Everything until the server closes.
  [[nodiscard]] std::vector<Answer> read_all();
  [[nodiscard]] bool at_end();  // waits until the server closes or sends something
  [[nodiscard]] Answer ask(std::string_view bytes);
  [[nodiscard]] int descriptor() const { return socket_; }

 private:
  bool fill();

  int socket_ = -1;
  std::string received_;
};

[[nodiscard]] std::string get(std::string_view target);
[[nodiscard]] std::string post(std::string_view target, std::string_view body);
[[nodiscard]] std::string post_chunked(std::string_view target, std::string_view chunks);

struct TestServer {
  explicit TestServer(ServerOptions options = {});

  [[nodiscard]] std::uint16_t port() const { return server->port(); }
  // A fresh connection is served.
  [[nodiscard]] bool serves() const;
  [[nodiscard]] double refusals(std::string_view reason);

  Metrics metrics;
  ScriptedService service;
  std::unique_ptr<Server> server;
};

// Waits until `condition` holds; false after ten seconds.
template <typename Condition>
[[nodiscard]] bool eventually(Condition condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

}  // namespace muster::http
