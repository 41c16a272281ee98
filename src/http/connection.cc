#include "http/connection.h"

#include <array>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/log.h"
#include "http/client_key.h"
#include "http/refusal.h"
#include "http/reply.h"
#include "http/request_reader.h"
#include "http/stream.h"
#include "http/worker_hop.h"

namespace muster::http {
namespace {

// REQUIRES: an exception is being handled.
void log_exception(std::string_view where) {
  try {
    throw;
  } catch (const std::exception& exception) {
    log::error("exception in the service", {{"where", where}, {"what", exception.what()}});
  } catch (...) {
    log::error("exception in the service", {{"where", where}});
  }
}

constexpr std::int64_t kPlacePauseMs = 50;  // until a full pool is asked again

class Connection {
 public:
  Connection(Socket socket, Serving& serving, BlockPool& blocks, OpenConnection& open)
      : serving_(serving),
        open_(open),
        stream_(std::move(socket), serving.certificate.get()),
        buffer_(blocks),
        remote_(stream_.remote_address()) {
    open_.attach(&stream_);
  }
  ~Connection() { open_.attach(nullptr); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Awaitable<void> run();

 private:
  Awaitable<bool> await_request(std::int64_t timeout_ms);
  Awaitable<bool> serve_request();
  Awaitable<bool> serve_request(RequestReader& reader, ReadEnd end);
  Awaitable<Begun> begin(const Request& request);
  Begun begin_here(const Request& request);
  Awaitable<ReadEnd> read_body(RequestReader& reader, const Accepted& accepted);
  Awaitable<Response> finish(const Request& request, Accepted& accepted);
  Response finish_here(const Request& request, Exchange& exchange);
  Response refuse_after(const std::exception_ptr& exception, const Request& request);
  Awaitable<bool> answer(RequestReader& reader, const Response& response, BodySent body_sent);
  Awaitable<bool> send_rest(BodySource& rest, BodyEnd end);
  Awaitable<std::optional<std::string>> next_piece(BodySource& rest);
  Awaitable<std::optional<WorkerPool::Place>> wait_for_place(WorkerPool& pool);
  Response refuse(const Request& request, Refusal reason);
  Response refuse_unread(Refusal reason);
  Response readable(const Request& request, Response response);

  Serving& serving_;
  OpenConnection& open_;
  Stream stream_;
  ReadBuffer buffer_;
  std::string remote_;
  std::string client_;                    // whom the request that runs is counted for
  std::array<char, 2048> first_bytes_{};  // instead of a block of the pool while nothing comes
};

Awaitable<void> Connection::run() {
  const ServerLimits& limits = serving_.limits;
  const bool ready = co_await stream_.handshake(after_ms(limits.header_timeout_ms));
  if (!ready) co_return;
  bool goes_on = co_await await_request(limits.header_timeout_ms);
  while (goes_on) {
    goes_on = co_await serve_request();
    if (goes_on) goes_on = co_await await_request(limits.idle_timeout_ms);
  }
}

Awaitable<bool> Connection::await_request(std::int64_t timeout_ms) {
  if (!buffer_.empty()) co_return true;
  buffer_.clear();
  const Stream::Transfer got = co_await stream_.read(first_bytes_, after_ms(timeout_ms));
  if (got.bytes == 0) co_return false;
  buffer_.append({first_bytes_.data(), got.bytes});
  co_return true;
}

// False: the connection ends.
Awaitable<bool> Connection::serve_request() {
  RequestReader reader(stream_, buffer_, serving_.limits);
  const ReadEnd end = co_await reader.read_header();
  if (end.kind == ReadEnd::kGone) co_return false;
  // From here on a drain waits for the request; for half a header it would wait in vain.
  const Activity::Running running(serving_.activity);
  const OpenConnection::Running not_idle(open_, reader.request());
  co_return co_await serve_request(reader, end);
}

Awaitable<bool> Connection::serve_request(RequestReader& reader, ReadEnd end) {
  Request& request = reader.request();
  const BodySent body_sent = request.method == "HEAD" ? BodySent::kNo : BodySent::kYes;
  client_ = client_key(remote_);
  if (end.kind == ReadEnd::kRefused) {
    const Response refusal = refuse_unread(end.reason);
    co_return co_await answer(reader, refusal, body_sent);
  }
  if (body_sent == BodySent::kNo) request.method = "GET";
  request.tls = stream_.is_tls();
  request.remote_address = remote_;

  Begun begun = co_await begin(request);
  if (std::holds_alternative<Response>(begun)) {
    auto& response = std::get<Response>(begun);
    co_return co_await answer(reader, readable(request, std::move(response)), body_sent);
  }
  auto& accepted = std::get<Accepted>(begun);
  if (!accepted.client.empty()) client_ = client_key(accepted.client);
  if (serving_.answers.full(client_)) {
    const Response refusal = refuse(request, Refusal::kAnswersUnread);
    co_return co_await answer(reader, refusal, body_sent);
  }
  end = co_await read_body(reader, accepted);
  if (end.kind == ReadEnd::kGone) co_return false;
  Response response;
  if (end.kind == ReadEnd::kRefused) {
    response = refuse(request, end.reason);
  } else {
    response = readable(request, co_await finish(request, accepted));
  }
  accepted.exchange.reset();  // a plan or a form is not kept while the client reads
  co_return co_await answer(reader, response, body_sent);
}

Awaitable<Begun> Connection::begin(const Request& request) {
  if (serving_.activity.draining()) co_return refuse(request, Refusal::kDraining);
  if (!serving_.service.may_wait(request)) co_return begin_here(request);
  auto place = serving_.general.reserve(client_);
  if (!place) co_return refuse(request, Refusal::kQueueFull);
  stream_.expect_nothing();
  std::optional<Begun> begun;
  // What refuse() throws too has no net on a worker thread.
  const auto work = [this, &request, &begun] {
    try {
      begun = begin_here(request);
    } catch (...) {
      log_exception("refusal");
    }
  };
  co_await run_on_worker(serving_.general, std::move(*place), work);
  if (!begun) co_return refuse(request, Refusal::kInternalError);
  co_return std::move(*begun);
}

Begun Connection::begin_here(const Request& request) {
  try {
    return serving_.service.begin(request);
  } catch (...) {
    log_exception("begin");
    return refuse(request, Refusal::kInternalError);
  }
}

Awaitable<ReadEnd> Connection::read_body(RequestReader& reader, const Accepted& accepted) {
  try {
    co_return co_await reader.read_body(*accepted.exchange, accepted.body_bytes_max);
  } catch (...) {
    log_exception("on_body");
    co_return ReadEnd{ReadEnd::kRefused, Refusal::kInternalError};
  }
}

Awaitable<Response> Connection::finish(const Request& request, Accepted& accepted) {
  if (accepted.pool == Pool::kNone) co_return finish_here(request, *accepted.exchange);
  WorkerPool& pool = serving_.pool(accepted.pool);
  auto place = pool.reserve(client_);
  if (!place) {
    const bool of_client = place.error() == WorkerPool::Full::kClient;
    co_return refuse(request, of_client ? Refusal::kClientQueueFull : Refusal::kQueueFull);
  }
  stream_.expect_nothing();
  if (buffer_.empty()) buffer_.clear();
  Response response;
  std::exception_ptr exception;
  // Nothing but this may run on the worker: what is thrown there has no net below it.
  const auto work = [&exchange = *accepted.exchange, &response, &exception] {
    try {
      response = exchange.finish();
    } catch (...) {
      exception = std::current_exception();
    }
  };
  co_await run_on_worker(pool, std::move(*place), work);
  if (exception) co_return refuse_after(exception, request);
  co_return response;
}

// The answer, unless too many bytes of others wait already. What a request has changed is told
// whatever it takes: only the answer to a reading request can be had again.
Response Connection::readable(const Request& request, Response response) {
  if (request.method != "GET" || serving_.answers.fits(client_, response.body.capacity())) {
    return response;
  }
  return refuse(request, Refusal::kAnswersUnread);
}

Response Connection::finish_here(const Request& request, Exchange& exchange) {
  try {
    return exchange.finish();
  } catch (...) {
    return refuse_after(std::current_exception(), request);
  }
}

Response Connection::refuse_after(const std::exception_ptr& exception, const Request& request) {
  try {
    std::rethrow_exception(exception);
  } catch (...) {
    log_exception("finish");
  }
  return refuse(request, Refusal::kInternalError);
}

Awaitable<bool> Connection::answer(RequestReader& reader, const Response& response,
                                   BodySent body_sent) {
  const AnswerBytes::Held held = serving_.answers.hold(client_, response.body.capacity());
  if (response.delay_ms > 0) {
    stream_.expect_nothing();
    Timer timer(stream_.executor(), after_ms(response.delay_ms));
    co_await timer.async_wait(kAwait);
  }
  BodyEnd end = BodyEnd::kLength;
  if (response.rest) end = reader.is_http_1_0() ? BodyEnd::kClose : BodyEnd::kChunked;
  const bool goes_on = reader.may_continue() && !response.close && !serving_.activity.draining() &&
                       end != BodyEnd::kClose;
  Persistence persistence = Persistence::kClose;
  if (goes_on) {
    persistence = reader.is_http_1_0() ? Persistence::kKeepAliveHttp10 : Persistence::kKeepAlive;
  }
  const bool sent =
      co_await send_response(stream_, response, persistence, end, body_sent, serving_.limits);
  if (!sent) co_return false;
  if (response.rest && body_sent == BodySent::kYes) {
    const bool complete = co_await send_rest(*response.rest, end);
    if (!complete) co_return false;
  }
  if (goes_on) co_return co_await reader.skip_rest();
  // Also after a complete request: a further one may be on its way, and closing over unread bytes
  // is a reset, which can destroy the answer on the client's side (RFC 9112 9.6).
  co_await linger(stream_, buffer_, serving_.limits, reader.more_may_come());
  co_return false;
}

// False: the client is gone, or the rest could not be made and the answer stays without its end.
Awaitable<bool> Connection::send_rest(BodySource& rest, BodyEnd end) {
  while (true) {
    const std::optional<std::string> piece = co_await next_piece(rest);
    if (!piece) co_return false;
    const AnswerBytes::Held held = serving_.answers.hold(client_, piece->capacity());
    const bool sent = co_await send_piece(stream_, *piece, end, serving_.limits);
    if (!sent || piece->empty()) co_return sent;
  }
}

// Waits for its turn among all that workers have to do. nullopt: it did not come.
Awaitable<std::optional<WorkerPool::Place>> Connection::wait_for_place(WorkerPool& pool) {
  const TimePoint deadline = after_ms(serving_.limits.write_timeout_ms);
  while (true) {
    auto place = pool.reserve(client_);
    if (place) co_return std::move(*place);
    if (Clock::now() >= deadline) co_return std::nullopt;
    Timer timer(stream_.executor(), after_ms(kPlacePauseMs));
    co_await timer.async_wait(kAwait);
  }
}

// nullopt: there will be none.
Awaitable<std::optional<std::string>> Connection::next_piece(BodySource& rest) {
  WorkerPool& pool = serving_.pool(Pool::kGeneral);
  stream_.expect_nothing();
  auto place = co_await wait_for_place(pool);
  if (!place) co_return std::nullopt;
  std::optional<std::string> piece;
  const auto work = [&rest, &piece] {
    try {
      piece = rest.next();
    } catch (...) {
      log_exception("rest of an answer");
    }
  };
  co_await run_on_worker(pool, std::move(*place), work);
  co_return piece;
}

// Of a request whose header could not be read: nothing of it is believed.
Response Connection::refuse_unread(Refusal reason) {
  Request unread;
  unread.remote_address = remote_;
  return refuse(unread, reason);
}

// The service writes the log line.
Response Connection::refuse(const Request& request, Refusal reason) {
  const std::string_view text = refusal_text(reason);
  serving_.metrics.refused_framing(text).Increment();
  const int status = refusal_status(reason);
  Response response = serving_.service.refusal(request, status, text);
  if (status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

}  // namespace

Awaitable<void> serve_connection(Socket socket, Serving& serving, BlockPool& blocks,
                                 OpenConnection& open) {
  Connection connection(std::move(socket), serving, blocks, open);
  co_await connection.run();
}

}  // namespace muster::http
