// `muster export`: its part of the command line.
// Made once, by the main thread.
#pragma once

#include <string>

#include "loader/export.h"

namespace CLI {
class App;
}

namespace muster::app {

class ExportCommand {
 public:
  explicit ExportCommand(CLI::App& program);

  [[nodiscard]] bool called() const;
  // The exit code (loader/export.h).
  [[nodiscard]] int run();

 private:
  loader::ExportOptions options_;
  std::string url_;
  std::string password_file_;
  CLI::App* app_;
};

}  // namespace muster::app
