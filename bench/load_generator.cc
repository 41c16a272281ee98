// Sends update batches to a running server and prints one JSON line: batches/s, latency
// percentiles, and how much CPU the sender itself took.
//
//   MUSTER_SESSION=... bench_load --port 8080 --clients 8 --seconds 3 --format csv|json
//                                 --records 500 --first-id 25001 --users 100000 [--log FILE]
//   bench_load --port 9000 --peer sink ...     the same bodies to bench_sink
//
// Every record asks for a real change: six fields of random users get a token that is new in
// every request. Bodies are made and answers checked outside the measured time of a request.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include "batch_body.h"
#include "clients.h"
#include "flags.h"
#include "http_client.h"

namespace {

using namespace muster::bench;
using Clock = std::chrono::steady_clock;

struct Options {
  std::uint16_t port;
  std::string session;
  BatchBody::Format format;
  std::size_t first_id;
  std::size_t users;
  std::size_t records;
  bool is_sink;
};

void check(const Options& options, std::string_view answer, std::size_t sent) {
  const bool fine = options.is_sink ? answer == std::to_string(sent)
                                    : count_of("\"responseStatus\":\"SUCCESS\"", answer) ==
                                          static_cast<int>(options.records) + 1;
  if (!fine) {
    throw std::runtime_error("a batch was not fully accepted: " +
                             std::string(answer.substr(0, 400)));
  }
}

class Client {
 public:
  Client(const Options& options, unsigned seed)
      : options_(options),
        connection_(options.port),
        random_(seed),
        body_(options.format, options.first_id),
        ids_(options.records) {}

  double exchange(unsigned number) {
    pick_users(random_, options_.users, ids_);
    body_.write(ids_, number);
    const std::string head = request_head("PUT /api/v23.3/objects/users", options_.session,
                                          body_.content_type(), body_.text().size());
    const auto begin = Clock::now();
    const std::string_view answer = connection_.exchange(head, body_.text());
    const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
    check(options_, answer, body_.text().size());
    return took.count();
  }

 private:
  const Options& options_;
  HttpClient connection_;
  std::mt19937 random_;
  BatchBody body_;
  Ids ids_;
};

Options read_options(const Flags& flags) {
  const char* session = std::getenv("MUSTER_SESSION");
  return {.port = static_cast<std::uint16_t>(flags.number("--port", 0)),
          .session = session == nullptr ? "" : session,
          .format =
              flags.text("--format") == "json" ? BatchBody::Format::kJson : BatchBody::Format::kCsv,
          .first_id = static_cast<std::size_t>(flags.number("--first-id", 25001)),
          .users = static_cast<std::size_t>(flags.number("--users", 1000)),
          .records = static_cast<std::size_t>(flags.number("--records", kRecords)),
          .is_sink = flags.text("--peer") == "sink"};
}

}  // namespace

int main(int argc, char** argv) try {
  const Flags flags(argc, argv);
  const Options options = read_options(flags);
  std::random_device seed;
  std::atomic<unsigned> number = seed();
  const Load load = run_clients(
      flags.number("--clients", 1), flags.decimal("--seconds", 3), [&](int) -> Exchange {
        auto client = std::make_shared<Client>(options, seed());
        return [client, &number] { return client->exchange(number.fetch_add(1)); };
      });
  if (const std::string path = flags.text("--log"); !path.empty()) write_log(path, load.samples);
  std::printf("{%s}\n", members(load).c_str());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_load: %s\n", error.what());
  return 1;
}
