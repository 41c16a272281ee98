#include "app/interruptible.h"

#include <chrono>
#include <thread>

#include "app/stop_signals.h"

namespace muster::app {

int run_interruptible(const std::function<int(const std::stop_token&)>& work) {
  using namespace std::chrono_literals;
  StopSignals signals;
  std::stop_source asked;
  const std::jthread watch([&](const std::stop_token& over) {
    while (!over.stop_requested()) {
      if (!signals.wait_for(50ms)) continue;
      asked.request_stop();
      return;
    }
  });
  return work(asked.get_token());
}

}  // namespace muster::app
