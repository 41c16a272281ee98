// A closed loop of clients: each sends its next request when the last one was answered.
//
//   const Load load = run_clients(8, 2.0, [&](int client) -> Exchange {
//     return [connection = ...]() mutable { ...; return milliseconds; };
//   });
//   std::printf("{%s}\n", members(load).c_str());
//
// Clients are made (connections opened, input prepared) before the clock starts. The first
// exception of a client is thrown again: a run that went wrong must not print figures.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "samples.h"

namespace muster::bench {

struct Load {
  std::vector<Sample> samples;
  double wall_s = 0;
  double cpu_s = 0;  // of this whole process
};

// Makes one request and checks its answer; how many milliseconds the request itself took.
using Exchange = std::function<double()>;

[[nodiscard]] Load run_clients(int clients, double seconds,
                               const std::function<Exchange(int client)>& make_client);

// members() of the samples and "sender_cpu_share", in cores.
[[nodiscard]] std::string members(const Load& load);

}  // namespace muster::bench
