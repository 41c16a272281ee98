// The server's counters and gauges, in one place so that /metrics is readable as a list.
//
//   metrics.batches.Increment();
//   metrics.refused_framing("two Host fields").Increment();
//
// Owned by app, handed down by reference; every member is thread-safe.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace muster {

class Metrics {
 public:
  Metrics();

  // Labelled families: the label values must be of a fixed set of texts that live as long as the
  // program, never from a client.
  prometheus::Counter& requests(std::string_view route, std::string_view status);
  prometheus::Counter& refused_framing(std::string_view reason);
  prometheus::Counter& logins(std::string_view outcome);

  // Prometheus text exposition format 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Counter>& refused_framing_;
  prometheus::Family<prometheus::Counter>& logins_;
  prometheus::Family<prometheus::Counter>& records_;
  // Looked up with every request, and the family's own way builds and hashes a map of its labels.
  std::mutex requests_mutex_;
  std::map<std::pair<std::string_view, std::string_view>, prometheus::Counter*> requests_known_;

 public:
  prometheus::Counter& batches;
  prometheus::Counter& records_succeeded;  // muster_records_total{outcome="success"}
  prometheus::Counter& records_unchanged;  // ... "unchanged": SUCCESS without a change
  prometheus::Counter& records_failed;     // ... "failure"
  prometheus::Histogram& commit_seconds;   // queued to durable, one observation a transaction
  prometheus::Histogram& flush_seconds;    // the journal's disk commit, one a group
  prometheus::Histogram& group_size;       // transactions per disk commit
  prometheus::Gauge& commit_queue;         // transactions waiting for a disk commit
  prometheus::Gauge& worker_queue;
  prometheus::Gauge& password_queue;
  prometheus::Gauge& connections;
  prometheus::Gauge& sessions;
  prometheus::Gauge& users;
  prometheus::Counter& log_lines_dropped;
};

}  // namespace muster
