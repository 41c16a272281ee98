#include "app/housekeeping.h"

#include <chrono>

#include "base/log.h"
#include "base/result.h"

namespace muster::app {
namespace {

constexpr std::chrono::minutes kPause{1};

void log_failure(std::string_view chore, const Result<void>& done) {
  if (!done)
    log::warning("housekeeping failed", {{"chore", chore}, {"reason", done.error().message}});
}

}  // namespace

Housekeeping::Housekeeping(const directory::Store& store, directory::SessionService& sessions)
    : store_(store), sessions_(sessions), thread_([this] { run(); }) {}

Housekeeping::~Housekeeping() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void Housekeeping::run() {
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, kPause, [this] { return ending_; })) {
    lock.unlock();
    do_chores();
    lock.lock();
  }
  // Once more on the way out: sessions in use go on after a restart.
  do_chores();
}

void Housekeeping::do_chores() const {
  if (store_.failed()) return;
  log_failure("flush session activity", sessions_.flush_activity());
  log_failure("end expired sessions", sessions_.sweep());
}

}  // namespace muster::app
