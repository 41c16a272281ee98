// Sends a huge body that the server refuses, as a client that writes everything before it reads,
// and prints one JSON line: bytes that got through, the time until the answer (drained) or the
// end of the connection (cut), and how much CPU the sender took.
//
//   MUSTER_SESSION=... bench_flood --port 8080 --shape csv|json|lines|column --mib 1024
//   bench_flood --port 9000 --peer sink --shape csv --mib 1024
//
//   csv, json   500 records whose one text is far too long: every record fails
//   lines       nothing but blank lines: no record at all
//   column      a column that does not exist: refused at once
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "flags.h"
#include "http_client.h"

namespace {

using namespace muster::bench;

constexpr std::size_t kRecords = 500;
constexpr std::size_t kBlockBytes = 256 * 1024;

// A connection on which the peer may answer, stop reading or hang up at any time.
class Flood {
 public:
  explicit Flood(std::uint16_t port) : socket_(connect_to(port)) {}
  ~Flood() { ::close(socket_); }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  // Does nothing more once the peer has hung up.
  void send(std::string_view bytes) {
    while (!bytes.empty() && !cut_) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      cut_ = n < 0;
      if (cut_) break;
      sent_ += static_cast<std::size_t>(n);
      bytes.remove_prefix(static_cast<std::size_t>(n));
      read_what_is_there();
    }
  }

  // Waits until the answer is complete, or for the end of a connection that was cut.
  void wait() {
    while (!answered() && receive(0)) {
    }
  }

  [[nodiscard]] bool answered() const {
    const std::size_t head = answer_.find("\r\n\r\n");
    const std::size_t at = answer_.find("Content-Length: ");
    return head != std::string::npos && at != std::string::npos &&
           answer_.size() >= head + 4 + std::stoul(answer_.substr(at + 16));
  }
  [[nodiscard]] bool cut() const { return cut_; }
  [[nodiscard]] std::size_t sent() const { return sent_; }
  [[nodiscard]] const std::string& answer() const { return answer_; }

 private:
  void read_what_is_there() {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN) != 0) receive(MSG_DONTWAIT);
  }

  bool receive(int flags) {
    std::array<char, 65536> bytes{};
    const ssize_t n = ::recv(socket_, bytes.data(), bytes.size(), flags);
    if (n > 0) answer_.append(bytes.data(), static_cast<std::size_t>(n));
    return n > 0;
  }

  int socket_;
  bool cut_ = false;
  std::size_t sent_ = 0;
  std::string answer_;
};

void repeat(Flood& flood, const std::string& block, std::size_t bytes) {
  for (; bytes > 0 && !flood.cut(); bytes -= std::min(bytes, block.size())) {
    flood.send(std::string_view(block).substr(0, bytes));
  }
}

// Lays the shape out on exactly `bytes` bytes.
void send_body(Flood& flood, std::string_view shape, std::size_t bytes) {
  const bool is_json = shape == "json";
  if (shape == "lines") return repeat(flood, std::string(kBlockBytes, '\n'), bytes);
  const std::string start = is_json          ? "["
                            : shape == "csv" ? "id,user_title__v\n"
                                             : "id,no_such_column__v\n";
  const std::string end = is_json ? "]" : "";
  const std::string filler(kBlockBytes, 'x');
  flood.send(start);
  std::size_t left = bytes - start.size() - end.size();
  for (std::size_t i = 0; i < kRecords; ++i) {
    const std::string id = std::to_string(25001 + i);
    const std::string before =
        is_json ? (i == 0 ? "{\"id\":" : ",{\"id\":") + id + ",\"user_title__v\":\"" : id + ",";
    const std::string after = is_json ? "\"}" : "\n";
    const std::size_t size = left / (kRecords - i);
    flood.send(before);
    repeat(flood, filler, size - before.size() - after.size());
    flood.send(after);
    left -= size;
  }
  flood.send(end);
}

void check(const Flood& flood, bool is_sink, std::size_t bytes) {
  const std::string expected = is_sink ? std::to_string(bytes) : "\"FAILURE\"";
  const bool whole = flood.sent() >= bytes;
  if ((is_sink && !whole) || (!flood.answered() && !flood.cut()) ||
      (flood.answered() && flood.answer().find(expected) == std::string::npos)) {
    throw std::runtime_error("wrong answer: " + flood.answer().substr(0, 400));
  }
}

double own_cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) try {
  const Flags flags(argc, argv);
  const std::size_t bytes = static_cast<std::size_t>(flags.number("--mib", 1024)) << 20U;
  const std::string shape = flags.text("--shape", "csv");
  const bool is_sink = flags.text("--peer") == "sink";
  const char* session = std::getenv("MUSTER_SESSION");
  Flood flood(static_cast<std::uint16_t>(flags.number("--port", 0)));
  const double cpu_before = own_cpu_s();
  const auto begin = std::chrono::steady_clock::now();
  const std::string head =
      request_head("PUT /api/v23.3/objects/users", session == nullptr ? "" : session,
                   shape == "json" ? "application/json" : "text/csv", bytes);
  flood.send(head);
  send_body(flood, shape, bytes);
  flood.wait();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  check(flood, is_sink, bytes);
  std::printf(
      "{\"bytes\":%zu,\"seconds\":%.4f,\"mb_per_s\":%.1f,\"drained\":%s,\"answered\":%s,"
      "\"sender_cpu_share\":%.3f}\n",
      flood.sent(), took.count(), static_cast<double>(flood.sent()) / took.count() / 1e6,
      flood.cut() ? "false" : "true", flood.answered() ? "true" : "false",
      (own_cpu_s() - cpu_before) / took.count());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_flood: %s\n", error.what());
  return 1;
}
