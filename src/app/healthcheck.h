// `muster healthcheck`: asks a running server whether it is ready.
#pragma once

#include <string>

#include "base/result.h"

namespace muster::app {

struct HealthQuestion {
  std::string url;      // "http://127.0.0.1:8080"; without a path, /readyz is asked
  std::string ca_file;  // whom to trust with https; empty: the system's certificates
  bool trust_all = false;
};

// kUnexpectedError with the reason when the answer is not 200 within 5 seconds; kInvalidData for
// a URL that is none.
[[nodiscard]] Result<void> check_health(const HealthQuestion& question);

}  // namespace muster::app
