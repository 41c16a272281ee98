// Shows how far a load is on standard error while it runs: on a terminal one line that is drawn
// again, elsewhere a line every few seconds.
//
//   LoadCounters counters;                  // raised by whoever has results
//   {
//     const ProgressDisplay display(counters, total);
//     ...
//   }                                       // the last state stays on the terminal
//
// Has a thread of its own. `counters` must outlive it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "loader/progress_line.h"

namespace muster::loader {

struct LoadCounters {
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> failed{0};
};

class ProgressDisplay {
 public:
  ProgressDisplay(const LoadCounters& counters, std::uint64_t total);
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

 private:
  void run(const std::stop_token& stop);

  const LoadCounters& counters_;
  const std::uint64_t total_;
  std::jthread thread_;
};

}  // namespace muster::loader
