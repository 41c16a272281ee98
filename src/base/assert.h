// Assertion for programmer errors. It stays on in release builds: a broken
// invariant must stop the process rather than write wrong data.
#pragma once

namespace muster {

// Prints the place to standard error and aborts.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace muster

#define MUSTER_ASSERT(expression)                       \
  (static_cast<bool>(expression) ? static_cast<void>(0) \
                                 : ::muster::assertion_failed(#expression, __FILE__, __LINE__))
