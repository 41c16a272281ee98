#include "http/deadline.h"

namespace muster::http {
namespace {

constexpr std::chrono::seconds kGrace{1};

}  // namespace

struct Deadline::Watch {
  explicit Watch(Socket& watched) : timer(watched.get_executor()), socket(&watched) {}

  Timer timer;
  Socket* socket;  // null when the Deadline is gone
  TimePoint at = TimePoint::max();
  TimePoint wakes_at = TimePoint::max();  // max: the timer does not run
  bool passed = false;
};

Deadline::Deadline(Socket& socket) : watch_(std::make_shared<Watch>(socket)) {}

Deadline::~Deadline() {
  watch_->socket = nullptr;
  watch_->timer.cancel();
}

void Deadline::arm(TimePoint at) {
  watch_->at = at;
  watch_->passed = false;
  if (at < watch_->wakes_at) wait(watch_, at);
}

void Deadline::disarm() { watch_->at = TimePoint::max(); }

bool Deadline::passed() const { return watch_->passed; }

void Deadline::wait(const std::shared_ptr<Watch>& watch, TimePoint until) {
  watch->timer.expires_at(until);  // drops an earlier wait
  watch->timer.async_wait([watch](const boost::system::error_code& error) {
    if (!error && watch->socket != nullptr) look(watch);
  });
  watch->wakes_at = until;
}

void Deadline::look(const std::shared_ptr<Watch>& watch) {
  watch->wakes_at = TimePoint::max();
  if (watch->at == TimePoint::max()) return;
  const TimePoint now = Clock::now();
  if (now < watch->at) return wait(watch, watch->at);
  boost::system::error_code ignored;
  if (!watch->passed) {
    watch->passed = true;
    watch->socket->cancel(ignored);
    // A composed operation (TLS) can be between two steps and miss the cancellation.
    wait(watch, now + kGrace);
  } else {
    watch->socket->close(ignored);
  }
}

}  // namespace muster::http
