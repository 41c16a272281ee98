#include "loader/rate_meter.h"

#include "loader/limits.h"

namespace muster::loader {

RateMeter::RateMeter(std::uint64_t done, Time now) : first_{done, now}, samples_{first_} {}

void RateMeter::sample(std::uint64_t done, Time now) {
  samples_.push_back({done, now});
  const Time old = now - std::chrono::milliseconds(limits::kRecentMs);
  while (samples_.size() > 2 && samples_[1].at <= old) samples_.pop_front();
}

double RateMeter::between(const Sample& from, const Sample& to) {
  const std::chrono::duration<double> time = to.at - from.at;
  return time.count() <= 0 ? 0 : static_cast<double>(to.done - from.done) / time.count();
}

double RateMeter::overall() const { return between(first_, samples_.back()); }
double RateMeter::recent() const { return between(samples_.front(), samples_.back()); }

}  // namespace muster::loader
