// Port: counters that all servers of one store have in common, for limits within a window of time.
//
//   const auto everywhere = counts.count_shared({.key = "calls 3003", .by = 12, .window = 5min});
//   const int used = everywhere ? *everywhere : used_here;
//
// Neither durable nor part of a transaction. Thread-safe; may wait for another machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace muster::directory {

struct SharedCount {
  std::string_view key;  // ASCII
  std::int64_t by = 1;
  std::chrono::milliseconds window;  // those of one key have the same
};

// As it stands: of a server that shares its store with nobody.
class SharedCounts {
 public:
  virtual ~SharedCounts() = default;

  // Adds to the counter of the window that runs, and says what all servers make of it together.
  // nullopt: there are no others, or they cannot be asked now; the caller counts for itself.
  [[nodiscard]] virtual std::optional<std::int64_t> count_shared(const SharedCount& /*count*/) {
    return std::nullopt;
  }
};

}  // namespace muster::directory
