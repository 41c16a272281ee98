// `muster serve`: puts the parts together, listens until a signal comes or the store fails.
#pragma once

#include "app/settings.h"

namespace muster::app {

// The exit code: 0 after SIGTERM or SIGINT, 1 when the server could not start or had to stop.
// Prints the ready line to standard output; log and reason of a failure go to standard error.
// Called by main() before any other thread runs; it stays there until the server ends.
[[nodiscard]] int serve(const Settings& settings);

}  // namespace muster::app
