// SIGTERM and SIGINT as something to wait for: the first asks to stop, a second ends the process
// at once with exit code 1. SIGHUP asks to read again what may have been replaced.
//
//   StopSignals signals;                       // before any other thread starts
//   while (!signals.wait_for(250ms)) {
//     if (signals.take_reload()) reload();
//   }
//
// Made once, by the main thread: threads started afterwards inherit the blocked signals, so that
// none of them is interrupted. wait_for() and take_reload() belong to one thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace muster::app {

class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // True as soon as a signal has come, also when it came earlier.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds time);
  // SIGHUP has come since the last call.
  [[nodiscard]] bool take_reload();

 private:
  void receive();

  std::mutex mutex_;
  std::condition_variable came_;
  bool stop_ = false;
  bool reload_ = false;
  bool ending_ = false;
  std::thread receiver_;
};

}  // namespace muster::app
