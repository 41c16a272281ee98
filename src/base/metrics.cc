#include "base/metrics.h"

#include <prometheus/text_serializer.h>

namespace muster {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

Family<Counter>& counters(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Gauge& gauge(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

Histogram& histogram(Registry& registry, const char* name, const char* help,
                     const Histogram::BucketBoundaries& buckets) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, buckets);
}

const Histogram::BucketBoundaries kSeconds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                              0.025,  0.05,    0.1,    0.25,  0.5,    1.0,   5.0};
const Histogram::BucketBoundaries kCounts = {1, 2, 4, 8, 16, 32, 64};

}  // namespace

Metrics::Metrics()
    : registry_(std::make_shared<Registry>()),
      requests_(counters(*registry_, "muster_requests_total",
                         "Requests answered, by route and response status")),
      refused_framing_(counters(*registry_, "muster_refused_framings_total",
                                "Requests refused by the HTTP guard, by reason")),
      logins_(counters(*registry_, "muster_logins_total", "Login attempts, by outcome")),
      records_(counters(*registry_, "muster_records_total", "Records of bulk calls, by outcome")),
      batches(counters(*registry_, "muster_batches_total", "Bulk calls that ran").Add({})),
      records_succeeded(records_.Add({{"outcome", "success"}})),
      records_unchanged(records_.Add({{"outcome", "unchanged"}})),
      records_failed(records_.Add({{"outcome", "failure"}})),
      commit_seconds(histogram(*registry_, "muster_commit_seconds",
                               "From the start of a write to its durable commit", kSeconds)),
      flush_seconds(histogram(*registry_, "muster_flush_seconds",
                              "One disk commit of the journal, its fsync included", kSeconds)),
      group_size(histogram(*registry_, "muster_commit_group_size",
                           "Transactions that shared one disk commit", kCounts)),
      commit_queue(
          gauge(*registry_, "muster_commit_queue", "Transactions waiting for a disk commit")),
      worker_queue(gauge(*registry_, "muster_worker_queue", "Requests waiting for a worker")),
      password_queue(
          gauge(*registry_, "muster_password_queue", "Logins waiting for a password worker")),
      connections(gauge(*registry_, "muster_connections", "Open client connections")),
      sessions(gauge(*registry_, "muster_sessions", "Sessions held")),
      users(gauge(*registry_, "muster_users", "Users held")),
      log_lines_dropped(counters(*registry_, "muster_log_lines_dropped_total",
                                 "Log lines dropped because standard error was not read")
                            .Add({})) {}

Counter& Metrics::requests(std::string_view route, std::string_view status) {
  const std::scoped_lock lock(requests_mutex_);
  Counter*& counter = requests_known_[{route, status}];
  if (counter == nullptr) {
    counter = &requests_.Add({{"route", std::string(route)}, {"status", std::string(status)}});
  }
  return *counter;
}

Counter& Metrics::refused_framing(std::string_view reason) {
  return refused_framing_.Add({{"reason", std::string(reason)}});
}

Counter& Metrics::logins(std::string_view outcome) {
  return logins_.Add({{"outcome", std::string(outcome)}});
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(registry_->Collect());
}

}  // namespace muster
