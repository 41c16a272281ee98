// Reads from a running server and prints one JSON line: requests/s, latency percentiles, and how
// much CPU the sender itself took.
//
//   MUSTER_SESSION=... bench_get --port 8080 --path /api/v23.3/objects/users/ --users 100000
//                                --first-id 25001 --clients 16 --seconds 3 --expect TEXT
//
// With --users a random user's id is put behind the path. Every answer must hold the expected
// text.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include "clients.h"
#include "flags.h"
#include "http_client.h"

namespace {

using namespace muster::bench;
using Clock = std::chrono::steady_clock;

struct Options {
  std::uint16_t port;
  std::string session;
  std::string path;
  std::string expected;
  int first_id;
  int users;
};

class Client {
 public:
  Client(const Options& options, unsigned seed)
      : options_(options),
        connection_(options.port),
        random_(seed),
        pick_(options.first_id, options.first_id + std::max(options.users, 1) - 1) {}

  double exchange() {
    std::string target = "GET " + options_.path;
    if (options_.users > 0) target += std::to_string(pick_(random_));
    const std::string head = request_head(target, options_.session);
    const auto begin = Clock::now();
    const std::string_view answer = connection_.exchange(head, {});
    const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
    if (answer.find(options_.expected) == std::string_view::npos) {
      throw std::runtime_error("wrong answer: " + std::string(answer.substr(0, 400)));
    }
    return took.count();
  }

 private:
  const Options& options_;
  HttpClient connection_;
  std::mt19937 random_;
  std::uniform_int_distribution<int> pick_;
};

}  // namespace

int main(int argc, char** argv) try {
  const Flags flags(argc, argv);
  const char* session = std::getenv("MUSTER_SESSION");
  const Options options{.port = static_cast<std::uint16_t>(flags.number("--port", 0)),
                        .session = session == nullptr ? "" : session,
                        .path = flags.text("--path"),
                        .expected = flags.text("--expect", "\"responseStatus\":\"SUCCESS\""),
                        .first_id = flags.number("--first-id", 25001),
                        .users = flags.number("--users", 0)};
  std::random_device seed;
  const Load load = run_clients(flags.number("--clients", 1), flags.decimal("--seconds", 3),
                                [&](int) -> Exchange {
                                  auto client = std::make_shared<Client>(options, seed());
                                  return [client] { return client->exchange(); };
                                });
  std::printf("{%s}\n", members(load).c_str());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_get: %s\n", error.what());
  return 1;
}
