// `muster load`: its part of the command line.
// Made once, by the main thread.
#pragma once

#include <cstdint>
#include <string>

#include "loader/load.h"

namespace CLI {
class App;
}

namespace muster::app {

class LoadCommand {
 public:
  explicit LoadCommand(CLI::App& program);

  [[nodiscard]] bool called() const;
  // The exit code (loader/load.h).
  [[nodiscard]] int run();

 private:
  loader::LoadOptions options_;
  std::string url_;
  std::string password_file_;
  std::string operation_ = "update";
  std::uint64_t retry_seconds_ = 300;
  CLI::App* app_;
};

}  // namespace muster::app
