#include "app/environment.h"

#include <cstdlib>

namespace muster::app {

std::optional<std::string> environment(const std::string& name) {
  // Read before any other thread starts.
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace muster::app
