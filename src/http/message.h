// Requests and responses as the rest of the program sees them: plain data, no Asio, no Beast.
// This is the only header of http/ that vault_api (and later scim, admin) may include.
//
// Life of a request: Service::begin() sees the complete, guarded header on an I/O thread and
// decides at once: a Response (refusal; the body is then drained or cut), or an Exchange that
// is fed the body chunk by chunk on the I/O thread and answers where its Pool says.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace muster::http {

struct Header {
  std::string name;
  std::string value;
};

class Headers {
 public:
  void add(std::string_view name, std::string_view value) {
    fields_.push_back({std::string(name), std::string(value)});
  }
  // First field of that name, ASCII case ignored.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  // Value of the first field of that name, or empty.
  [[nodiscard]] std::string_view get(std::string_view name) const {
    return find(name).value_or("");
  }
  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }
  [[nodiscard]] std::size_t size() const { return fields_.size(); }

 private:
  std::vector<Header> fields_;
};

struct Request {
  std::string method;      // upper case as sent, e.g. "PUT"; HEAD arrives as GET
  std::string target;      // as sent: path and query
  std::string_view path;   // of target, before '?'; not percent-decoded
  std::string_view query;  // of target, after '?'; empty when none
  Headers headers;
  std::optional<std::uint64_t> content_length;  // absent when chunked or without a body
  bool chunked = false;
  bool tls = false;
  std::string remote_address;  // "192.0.2.10", without port

  Request() = default;
  Request(const Request&) = delete;  // path and query point into target
  Request& operator=(const Request&) = delete;
};

// Its name is a word of the program, so that an answer need not copy ten of them.
struct ResponseHeader {
  std::string_view name;  // a literal
  std::string value;
};

// The rest of an answer that is too long to be held: made piece by piece, each once the client has
// taken the one before. next() runs on a worker thread; what it throws ends the connection in the
// middle of the answer, so that nobody takes the part for the whole.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // Empty: there is no more.
  [[nodiscard]] virtual std::string next() = 0;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json;charset=UTF-8";
  std::vector<ResponseHeader> headers = {};
  std::string body = {};
  std::unique_ptr<BodySource> rest = nullptr;  // after `body`; the length is then not told
  bool close = false;                          // end the connection after this answer
  std::int64_t delay_ms = 0;                   // hold the answer back on a timer (burst limits)
};

// One request in progress. Owned by its connection; on_body() on the I/O thread, then finish()
// once where its Pool says, never at the same time. Destroyed unfinished when the client leaves.
class Exchange {
 public:
  virtual ~Exchange() = default;
  // False: the verdict is known already, send no more (the connection then calls finish(), answers
  // with Connection: close and lets the rest of the body linger).
  [[nodiscard]] virtual bool on_body(std::string_view chunk) = 0;
  [[nodiscard]] virtual Response finish() = 0;
};

// Where finish() runs: on a worker thread; password work is bounded by the number of cores and kept
// away from the rest. kNone: on the I/O thread itself, for an answer out of memory that takes
// microseconds, where the way to a worker and back would take most of the time.
enum class Pool : std::uint8_t { kGeneral, kPassword, kNone };

struct Accepted {
  std::unique_ptr<Exchange> exchange;
  Pool pool = Pool::kGeneral;
  // A longer body ends the request with Service::refusal(413). 0: no body is wanted; a small one is
  // read and thrown away without a call of on_body().
  std::uint64_t body_bytes_max = 0;
  // The address whose share the request counts against, where that is not the peer's: behind a
  // proxy, the client's. Empty: Request::remote_address.
  std::string client = {};
};

using Begun = std::variant<Response, Accepted>;

// What the server serves. Thread-safe: called from all I/O threads. `request` lives until the
// Exchange is destroyed. Exceptions thrown by begin(), on_body() and finish() become refusal(500).
class Service {
 public:
  virtual ~Service() = default;
  [[nodiscard]] virtual Begun begin(const Request& request) = 0;
  // begin() of this request may wait for another machine: then it is called on a worker thread.
  [[nodiscard]] virtual bool may_wait(const Request& /*request*/) const { return false; }

  // Answers for what http/ itself must refuse, in the shape this service's clients expect
  // (a JSON object, whatever the status), and their line in the log: `message` is one of a fixed
  // set. Of a request whose header was not readable only remote_address is given.
  // status: 400, 408, 413 (sent as 200 by an API that says so), 417, 431, 501, 503, 500.
  [[nodiscard]] virtual Response refusal(const Request& request, int status,
                                         std::string_view message) = 0;
};

}  // namespace muster::http
