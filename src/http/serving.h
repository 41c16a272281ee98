// What all connections of a server share. Owned by the Server, which stops the threads before it
// goes. Every member is safe to use from every I/O thread.
#pragma once

#include "base/metrics.h"
#include "http/activity.h"
#include "http/answer_bytes.h"
#include "http/message.h"
#include "http/open_connections.h"
#include "http/server.h"
#include "http/tls.h"
#include "http/worker_pool.h"

namespace muster::http {

struct Serving {
  Service& service;
  Metrics& metrics;
  const ServerLimits limits;
  Certificate certificate;  // engaged: TLS on every connection
  WorkerPool general;
  WorkerPool password;
  Activity activity{};
  OpenConnections connections;
  AnswerBytes answers;

  // REQUIRES: not kNone.
  [[nodiscard]] WorkerPool& pool(Pool which) {
    return which == Pool::kPassword ? password : general;
  }
};

}  // namespace muster::http
