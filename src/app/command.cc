#include "app/command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

namespace muster::app {

int fail_with(int code, const std::string& message) {
  fmt::print(stderr, "muster: {}\n", message);
  return code;
}

Command::Command(CLI::App& program, const char* name, const char* description)
    : app_(program.add_subcommand(name, description)) {}

bool Command::called() const { return app_->parsed(); }

}  // namespace muster::app
