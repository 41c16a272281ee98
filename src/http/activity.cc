#include "http/activity.h"

namespace muster::http {

void Activity::end() {
  if (--running_ > 0 || !draining_) return;
  // The lock closes the gap between the waiter's look at the counter and its sleep.
  const std::scoped_lock lock(mutex_);
  ended_.notify_all();
}

bool Activity::drain(std::chrono::milliseconds timeout) {
  draining_ = true;
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, timeout, [this] { return running_ == 0; });
}

}  // namespace muster::http
