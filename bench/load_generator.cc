// Sends 500-record update batches to a running server and prints one JSON line:
// batches/s, latency percentiles, and how much CPU the sender itself took.
//
//   MUSTER_PASSWORD=... bench_load --port 8080 --user admin@example.com --clients 8
//                                  --seconds 3 --format csv --first-id 25001 --users 100000
//
// Every record asks for a real change: six fields of random users get a token that is new in
// every request. The bodies are made before the clock starts; per request only the tokens are
// overwritten in place. Every answer is checked.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "http_client.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<std::string_view, 6> kFields = {"user_title__v",   "company__v", "site__v",
                                                     "office_phone__v", "fax__v",     "alias__v"};
constexpr std::array<std::string_view, 6> kValues = {"Senior Specialist, Quality ########",
                                                     "Example Pharma Holding ########",
                                                     "Basel Building 12 ########",
                                                     "+41 61 ########",
                                                     "+41 62 ########",
                                                     "alias-########"};
constexpr std::string_view kToken = "########";

struct Options {
  std::uint16_t port = 0;
  std::string user;
  std::string password;
  int clients = 1;
  double seconds = 3;
  bool json = false;
  int first_id = 25001;
  int users = 1000;
  int records = 500;
  int bodies = 16;  // per client
};

struct Body {
  std::string text;
  std::vector<std::size_t> tokens;
};

Body make_body(const Options& options, std::mt19937& random) {
  std::uniform_int_distribution<int> pick(options.first_id, options.first_id + options.users - 1);
  std::vector<int> ids;
  std::vector<bool> used(static_cast<std::size_t>(options.users));
  while (ids.size() < static_cast<std::size_t>(options.records)) {
    const int id = pick(random);
    const auto slot = static_cast<std::size_t>(id - options.first_id);
    if (!used[slot]) ids.push_back(id);
    used[slot] = true;
  }
  Body body;
  std::string& text = body.text;
  if (options.json) {
    text = "[";
    for (const int id : ids) {
      text += (text.size() > 1 ? ",{\"id\":\"" : "{\"id\":\"") + std::to_string(id) + '"';
      for (std::size_t i = 0; i < kFields.size(); ++i) {
        text.append(",\"").append(kFields[i]).append("\":\"").append(kValues[i]).append("\"");
      }
      text += '}';
    }
    text += ']';
  } else {
    text = "id";
    for (const auto field : kFields) text.append(",").append(field);
    text += '\n';
    for (const int id : ids) {
      text += std::to_string(id);
      for (const auto value : kValues) {
        const bool quoted = value.find(',') != std::string_view::npos;
        text.append(quoted ? ",\"" : ",").append(value).append(quoted ? "\"" : "");
      }
      text += '\n';
    }
  }
  for (std::size_t at = text.find(kToken); at != std::string::npos;
       at = text.find(kToken, at + kToken.size())) {
    body.tokens.push_back(at);
  }
  return body;
}

void stamp(Body& body, unsigned number) {
  std::array<char, 16> token{};
  std::snprintf(token.data(), token.size(), "%08x", number);
  for (const std::size_t at : body.tokens) std::memcpy(body.text.data() + at, token.data(), 8);
}

std::string url_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    std::array<char, 4> hex{};
    std::snprintf(hex.data(), hex.size(), "%%%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += hex.data();
  }
  return out;
}

std::string head(std::string_view method_and_path, std::string_view type, std::size_t length,
                 std::string_view session) {
  std::string text(method_and_path);
  text += " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ";
  text += type;
  text += "\r\nContent-Length: " + std::to_string(length) + "\r\n";
  if (!session.empty()) text.append("Authorization: ").append(session).append("\r\n");
  return text + "\r\n";
}

std::string log_in(const Options& options) {
  muster::bench::HttpClient client(options.port);
  const std::string form =
      "username=" + url_encode(options.user) + "&password=" + url_encode(options.password);
  const std::string answer(client.exchange(
      head("POST /api/v23.3/auth", "application/x-www-form-urlencoded", form.size(), ""), form));
  constexpr std::string_view kKey = "\"sessionId\":\"";
  const auto at = answer.find(kKey);
  if (at == std::string::npos) throw std::runtime_error("login failed: " + answer);
  const auto begin = at + kKey.size();
  return answer.substr(begin, answer.find('"', begin) - begin);
}

void check(std::string_view answer, int records) {
  constexpr std::string_view kSuccess = "\"responseStatus\":\"SUCCESS\"";
  int found = 0;
  for (std::size_t at = answer.find(kSuccess); at != std::string_view::npos;
       at = answer.find(kSuccess, at + kSuccess.size())) {
    ++found;
  }
  if (found != records + 1) {
    throw std::runtime_error("a batch was not fully accepted: " +
                             std::string(answer.substr(0, 400)));
  }
}

struct Client {
  std::vector<double> milliseconds;
  std::exception_ptr error;
};

std::atomic<unsigned> g_number{static_cast<unsigned>(std::random_device{}())};

void run_client(const Options& options, const std::string& session, unsigned seed,
                Clock::time_point end, Client& client) try {
  std::mt19937 random(seed);
  std::vector<Body> bodies;
  for (int i = 0; i < options.bodies; ++i) bodies.push_back(make_body(options, random));
  const std::string request_head =
      head("PUT /api/v23.3/objects/users", options.json ? "application/json" : "text/csv",
           bodies.front().text.size(), session);
  std::size_t size = bodies.front().text.size();
  muster::bench::HttpClient connection(options.port);
  for (std::size_t i = 0; Clock::now() < end; ++i) {
    Body& body = bodies[i % bodies.size()];
    stamp(body, g_number.fetch_add(1));
    // Ids of one digit more make a body longer; then the head is made anew.
    const std::string other_head =
        body.text.size() == size
            ? std::string()
            : head("PUT /api/v23.3/objects/users", options.json ? "application/json" : "text/csv",
                   body.text.size(), session);
    const auto begin = Clock::now();
    const auto answer =
        connection.exchange(other_head.empty() ? request_head : other_head, body.text);
    client.milliseconds.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    check(answer, options.records);
  }
} catch (...) {
  client.error = std::current_exception();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Options parse(int argc, char** argv) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < argc; i += 2) given[argv[i]] = argv[i + 1];
  const auto number = [&](const char* name, int otherwise) {
    return given.contains(name) ? std::stoi(given[name]) : otherwise;
  };
  Options options;
  options.port = static_cast<std::uint16_t>(number("--port", 0));
  options.user = given["--user"];
  options.clients = number("--clients", options.clients);
  options.seconds = given.contains("--seconds") ? std::stod(given["--seconds"]) : options.seconds;
  options.json = given["--format"] == "json";
  options.first_id = number("--first-id", options.first_id);
  options.users = number("--users", options.users);
  options.records = number("--records", options.records);
  if (const char* password = std::getenv("MUSTER_PASSWORD")) options.password = password;
  return options;
}

void report(const Options& options, std::vector<double>& milliseconds, double wall, double cpu) {
  std::ranges::sort(milliseconds);
  const auto percentile = [&](double share) {
    return milliseconds[static_cast<std::size_t>(share *
                                                 static_cast<double>(milliseconds.size() - 1))];
  };
  const auto batches = static_cast<double>(milliseconds.size()) / wall;
  std::printf(
      "{\"clients\":%d,\"format\":\"%s\",\"batches\":%zu,\"batches_per_s\":%.1f,"
      "\"users_per_s\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,"
      "\"sender_cpu_share\":%.3f}\n",
      options.clients, options.json ? "json" : "csv", milliseconds.size(), batches,
      batches * options.records, percentile(0.5), percentile(0.99), milliseconds.back(),
      cpu / wall);
}

int run(const Options& options) {
  const std::string session = log_in(options);
  const double cpu_before = cpu_seconds();
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::duration_cast<Clock::duration>(
                               std::chrono::duration<double>(options.seconds));
  std::vector<Client> clients(static_cast<std::size_t>(options.clients));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    threads.emplace_back(
        [&, i] { run_client(options, session, static_cast<unsigned>(1000 + i), end, clients[i]); });
  }
  for (auto& thread : threads) thread.join();
  const double wall = std::chrono::duration<double>(Clock::now() - begin).count();
  std::vector<double> all;
  for (const auto& client : clients) {
    if (client.error) std::rethrow_exception(client.error);
    all.insert(all.end(), client.milliseconds.begin(), client.milliseconds.end());
  }
  if (all.empty()) throw std::runtime_error("no batch was answered in time");
  report(options, all, wall, cpu_seconds() - cpu_before);
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  return run(parse(argc, argv));
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_load: %s\n", error.what());
  return 1;
}
