#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

#include "base/log.h"

namespace muster {

void assertion_failed(const char* expression, const char* file, int line) {
  log::flush();
  std::fprintf(stderr, "muster: assertion failed: %s at %s:%d\n", expression, file, line);
  std::abort();
}

}  // namespace muster
