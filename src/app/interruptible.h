// Runs something that Ctrl-C (SIGINT) and SIGTERM ask to stop; a second signal ends the process.
#pragma once

#include <functional>
#include <stop_token>

namespace muster::app {

// The result of `work`. REQUIRES: called by the main thread while there is no other.
[[nodiscard]] int run_interruptible(const std::function<int(const std::stop_token&)>& work);

}  // namespace muster::app
