#include "clients.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <latch>
#include <thread>

namespace muster::bench {
namespace {

using Clock = std::chrono::steady_clock;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Client {
  Exchange exchange;
  std::vector<Sample> samples;
  std::exception_ptr error;
};

double since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

Load run_clients(int clients, double seconds,
                 const std::function<Exchange(int client)>& make_client) {
  std::vector<Client> all(static_cast<std::size_t>(clients));
  for (int i = 0; i < clients; ++i) all[static_cast<std::size_t>(i)].exchange = make_client(i);
  std::latch start(1);
  std::atomic<bool> failed = false;
  Clock::time_point begin;
  std::vector<std::thread> threads;
  for (Client& client : all) {
    threads.emplace_back([&] {
      start.wait();
      try {
        while (!failed && since(begin) < seconds) {
          const double ms = client.exchange();
          client.samples.push_back({since(begin), ms});
        }
      } catch (...) {
        client.error = std::current_exception();
        failed = true;
      }
    });
  }
  const double cpu_before = cpu_seconds();
  begin = Clock::now();
  start.count_down();
  for (std::thread& thread : threads) thread.join();
  Load load{.samples = {}, .wall_s = since(begin), .cpu_s = cpu_seconds() - cpu_before};
  for (const Client& client : all) {
    if (client.error) std::rethrow_exception(client.error);
    load.samples.insert(load.samples.end(), client.samples.begin(), client.samples.end());
  }
  std::ranges::sort(load.samples, {}, &Sample::at_s);
  return load;
}

std::string members(const Load& load) {
  return members(load.samples, load.wall_s) +
         ",\"sender_cpu_share\":" + std::to_string(load.cpu_s / load.wall_s);
}

}  // namespace muster::bench
