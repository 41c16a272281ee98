#include "loader/backoff.h"

#include <algorithm>

#include "loader/limits.h"

namespace muster::loader {

std::chrono::milliseconds Backoff::next() {
  constexpr unsigned kDoublingsMax = 20;
  const std::int64_t whole =
      std::min(limits::kRetryFirstMs << std::min(tries_++, kDoublingsMax), limits::kRetryMaxMs);
  return std::chrono::milliseconds(
      std::uniform_int_distribution<std::int64_t>(whole / 2, whole)(random_));
}

}  // namespace muster::loader
