// `muster export`: its part of the command line.
// Made once, by the main thread.
#pragma once

#include <string>

#include "app/command.h"
#include "loader/export.h"

namespace muster::app {

class ExportCommand final : public Command {
 public:
  explicit ExportCommand(CLI::App& program);

  // The exit code (loader/export.h).
  [[nodiscard]] int run() override;

 private:
  loader::ExportOptions options_;
  std::string url_;
  std::string password_file_;
};

}  // namespace muster::app
