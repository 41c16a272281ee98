#include "app/stop_signals.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "base/log.h"

namespace muster::app {
namespace {

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A client that leaves is an error of a write, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  receiver_ = std::thread([this] { receive(); });
}

StopSignals::~StopSignals() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  // The receiver takes it out of sigwait(); it terminates nothing.
  pthread_kill(receiver_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
  receiver_.join();
}

bool StopSignals::wait_for(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return came_.wait_for(lock, time, [this] { return stop_; });
}

bool StopSignals::take_reload() {
  const std::lock_guard lock(mutex_);
  return std::exchange(reload_, false);
}

void StopSignals::receive() {
  const sigset_t signals = stop_signals();
  for (;;) {
    int signal = 0;
    sigwait(&signals, &signal);
    const std::lock_guard lock(mutex_);
    if (ending_) return;
    if (signal == SIGHUP) {
      reload_ = true;
      continue;
    }
    // What was answered is on disk already: nothing is lost by leaving like this.
    if (stop_) {
      log::flush();
      ::_exit(1);
    }
    stop_ = true;
    came_.notify_all();
  }
}

}  // namespace muster::app
