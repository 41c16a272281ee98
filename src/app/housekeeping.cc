#include "app/housekeeping.h"

#include <chrono>

#include "base/log.h"
#include "base/result.h"

namespace muster::app {
namespace {

constexpr std::chrono::minutes kPause{1};
constexpr int kRoundsPerHour = 60;

void log_failure(std::string_view chore, const Result<void>& done) {
  if (!done)
    log::warning("housekeeping failed", {{"chore", chore}, {"reason", done.error().message}});
}

}  // namespace

Housekeeping::Housekeeping(const directory::Store& store, directory::SessionService& sessions,
                           directory::UserService& users)
    : store_(store), sessions_(sessions), users_(users), thread_([this] { run(); }) {}

Housekeeping::~Housekeeping() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void Housekeeping::run() {
  int rounds = 0;
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, kPause, [this] { return ending_; })) {
    lock.unlock();
    do_chores();
    // A write of its own, worth it now and then.
    if (++rounds % kRoundsPerHour == 0 && !store_.failed()) {
      log_failure("forget kept answers", users_.forget_answers());
    }
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
