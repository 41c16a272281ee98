#include "http/server_for_test.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "http/no_memory_for_test.h"

namespace muster::http {

class ScriptedExchange : public Exchange {
 public:
  ScriptedExchange(ScriptedService& service, const Request& request)
      : service_(service), request_(request) {
    const std::scoped_lock lock(service_.mutex_);
    ++service_.exchanges_;
  }
  ~ScriptedExchange() override {
    const std::scoped_lock lock(service_.mutex_);
    --service_.exchanges_;
  }
  ScriptedExchange(const ScriptedExchange&) = delete;
  ScriptedExchange& operator=(const ScriptedExchange&) = delete;

  bool on_body(std::string_view chunk) override {
    if (request_.path == "/throw/body") throw std::runtime_error("scripted");
    body_ += chunk;
    return request_.path != "/verdict";
  }

  Response finish() override {
    if (request_.path == "/throw/finish" || request_.path == "/here/throw")
      throw std::runtime_error("scripted");
    std::unique_lock lock(service_.mutex_);
    if (request_.path == "/block" || request_.path == "/password") {
      ++service_.blocked_;
      service_.gate_changed_.wait(lock, [this] { return service_.gate_open_; });
    }
    service_.finished_.push_back(fmt::format("{} {} {}", request_.method, request_.target, body_));
    Response response = answer();
    if (request_.path == "/starve") refuse_memory_on_this_thread();
    return response;
  }

 private:
  [[nodiscard]] Response answer() const {
    Response response;
    response.content_type = "text/plain";
    response.body = fmt::format("{} {} {}", request_.method, request_.target, body_.size());
    if (request_.path == "/big") response.body = std::string(8'000'000, 'b');
    if (request_.path == "/page") response.body = std::string(64UL * 1024, 'p');
    if (request_.path == "/empty") response.status = 204;
    if (request_.path == "/delay") response.delay_ms = 100;
    response.close = request_.path == "/close";
    if (request_.path == "/inject") {
      response.headers = {{"X-Value", "a\r\nX-Forged: b\n\x01"},
                          {"X-Name\r\nX-Forged", "c"},
                          {"Content-Length", "1"},
                          {"transfer-encoding", "chunked"}};
    }
    return response;
  }

  ScriptedService& service_;
  const Request& request_;
  std::string body_;
};

Begun ScriptedService::begin(const Request& request) {
  {
    std::unique_lock lock(mutex_);
    ++begun_;
    if (may_wait(request)) {
      ++blocked_;
      gate_changed_.wait(lock, [this] { return gate_open_; });
    }
  }
  if (request.path == "/throw/begin" || request.path == "/wait/throw" ||
      request.path == "/throw/refusal") {
    throw std::runtime_error("scripted");
  }
  if (request.path == "/now") return Response{.body = "now"};
  Accepted accepted;
  accepted.exchange = std::make_unique<ScriptedExchange>(*this, request);
  accepted.client = request.headers.get("X-Client");
  if (request.path == "/password") accepted.pool = Pool::kPassword;
  if (request.path.starts_with("/here")) accepted.pool = Pool::kNone;
  accepted.body_bytes_max = request.path == "/unwanted" ? 0
                            : request.path == "/small"  ? 10
                                                        : 64 * 1024 * 1024;
  return accepted;
}

bool ScriptedService::may_wait(const Request& request) const {
  return request.path.starts_with("/wait");
}

Response ScriptedService::refusal(const Request& request, int status, std::string_view message) {
  if (request.path == "/throw/refusal") throw std::runtime_error("scripted");
  return Response{.status = status, .body = fmt::format("{} {}", status, message)};
}

std::vector<std::string> ScriptedService::finished() const {
  const std::scoped_lock lock(mutex_);
  return finished_;
}

int ScriptedService::begun() const {
  const std::scoped_lock lock(mutex_);
  return begun_;
}

int ScriptedService::exchanges() const {
  const std::scoped_lock lock(mutex_);
  return exchanges_;
}

int ScriptedService::blocked() const {
  const std::scoped_lock lock(mutex_);
  return blocked_;
}

void ScriptedService::open_gate() {
  const std::scoped_lock lock(mutex_);
  gate_open_ = true;
  gate_changed_.notify_all();
}

Client::Client(std::uint16_t port, ClientOptions options)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (options.receive_bytes > 0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &options.receive_bytes,
                 sizeof options.receive_bytes);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (options.source != nullptr) {
    ::inet_pton(AF_INET, options.source, &address.sin_addr);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(std::exchange(socket_, -1));
  }
}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::half_close() { ::shutdown(socket_, SHUT_WR); }

void Client::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

bool Client::fill() {
  std::array<char, 64UL * 1024> block{};
  const ssize_t got = ::recv(socket_, block.data(), block.size(), 0);
  EXPECT_FALSE(got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) << "nothing came";
  if (got <= 0) return false;
  received_.append(block.data(), static_cast<std::size_t>(got));
  return true;
}

std::string Client::read_line_block() {
  while (!received_.contains("\r\n\r\n")) {
    if (!fill()) return {};
  }
  const std::size_t end = received_.find("\r\n\r\n") + 4;
  std::string block = received_.substr(0, end);
  received_.erase(0, end);
  return block;
}

Answer Client::read_answer(bool head_only) {
  Answer answer;
  answer.head = read_line_block();
  if (!answer.head.starts_with("HTTP/1.1 ")) {
    EXPECT_EQ(answer.head, "");
    return {};
  }
  answer.status = parse_digits<int>(answer.head.substr(9, 3)).value_or(-1);
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::size_t at = answer.head.find(kLength);
  if (at == std::string::npos || head_only) return answer;
  const std::size_t from = at + kLength.size();
  const std::size_t size = std::stoul(answer.head.substr(from));
  while (received_.size() < size) {
    if (!fill()) return {};
  }
  answer.body = received_.substr(0, size);
  received_.erase(0, size);
  return answer;
}

std::vector<Answer> Client::read_all() {
  std::vector<Answer> answers;
  for (;;) {
    Answer answer = read_answer();
    if (answer.status == 0) return answers;
    answers.push_back(std::move(answer));
  }
}

bool Client::at_end() { return received_.empty() && !fill(); }

Answer Client::ask(std::string_view bytes) {
  send(bytes);
  return read_answer();
}

std::string get(std::string_view target) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", target);
}

std::string post(std::string_view target, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", target,
                     body.size(), body);
}

std::string post_chunked(std::string_view target, std::string_view chunks) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{}", target,
                     chunks);
}

TestServer::TestServer(ServerOptions options) {
  options.port = 0;
  auto started = Server::start(options, service, metrics);
  if (!started) throw std::runtime_error(started.error().message);
  server = std::move(*started);
}

bool TestServer::serves() const {
  Client client(port());
  return client.ask(get("/now")).body == "now";
}

double TestServer::refusals(std::string_view reason) {
  return metrics.refused_framing(reason).Value();
}

}  // namespace muster::http
