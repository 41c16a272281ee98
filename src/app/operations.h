// What operators and their tools ask, without a session (protocol 7.6):
// GET /healthz (the process lives), /readyz (it takes work), /metrics (Prometheus text).
//
//   Operations operations(store, metrics);
//   if (operations.serves(request.path)) return operations.answer(request);
//
// Thread-safe. Store and metrics outlive it.
#pragma once

#include <atomic>
#include <span>
#include <string_view>

#include "base/metrics.h"
#include "directory/store.h"
#include "http/message.h"

namespace muster::app {

struct OperationsPath {
  std::string_view path;
  std::string_view content_type;  // of a success
};

// Everything that is served here, by GET.
[[nodiscard]] std::span<const OperationsPath> operations_paths();

class Operations {
 public:
  Operations(const directory::Store& store, Metrics& metrics);

  [[nodiscard]] bool serves(std::string_view path) const;
  // REQUIRES: serves(request.path).
  [[nodiscard]] http::Response answer(const http::Request& request) const;

  // From now on /readyz says 503: the balancer in front sends new work elsewhere.
  void set_draining() { draining_ = true; }

 private:
  [[nodiscard]] http::Response ready() const;

  const directory::Store& store_;
  Metrics& metrics_;
  std::atomic<bool> draining_{false};
};

}  // namespace muster::app
