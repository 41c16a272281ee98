// What all connections of a server share. Owned by the Server, which stops the threads before it
// goes. Every member is safe to use from every I/O thread.
#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <cstddef>
#include <optional>

#include "base/metrics.h"
#include "http/activity.h"
#include "http/message.h"
#include "http/server.h"
#include "http/worker_pool.h"

namespace muster::http {

struct Serving {
  Service& service;
  Metrics& metrics;
  const ServerLimits limits;
  std::optional<boost::asio::ssl::context> tls;  // engaged: TLS on every connection
  WorkerPool general;
  WorkerPool password;
  Activity activity{};
  std::atomic<std::size_t> connections = 0;

  [[nodiscard]] WorkerPool& pool(Pool which) {
    return which == Pool::kPassword ? password : general;
  }
};

}  // namespace muster::http
