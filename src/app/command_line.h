// The commands of the program: serve, healthcheck, passwd, backup, restore, verify, routes,
// version.
#pragma once

namespace muster::app {

// Runs the command the arguments ask for. Exit code: 0 fine, 1 failed, 2 wrong usage.
[[nodiscard]] int run_command(int argc, const char* const* argv);

}  // namespace muster::app
