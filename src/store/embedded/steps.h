// Steps that are taken one after the other until one fails.
//
//   return in_order([&] { return load_users(); }, [&] { return load_sessions(); });
#pragma once

#include "base/result.h"

namespace muster::store {

// The first error, or success when every step succeeded. Each step gives a Result<void>.
template <typename... Steps>
[[nodiscard]] Result<void> in_order(const Steps&... steps) {
  Result<void> done;
  static_cast<void>(((done = steps(), done.has_value()) && ...));
  return done;
}

}  // namespace muster::store
