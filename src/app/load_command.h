// `muster load`: its part of the command line.
// Made once, by the main thread.
#pragma once

#include <cstdint>
#include <string>

#include "app/command.h"
#include "loader/load.h"

namespace muster::app {

class LoadCommand final : public Command {
 public:
  explicit LoadCommand(CLI::App& program);

  // The exit code (loader/load.h).
  [[nodiscard]] int run() override;

 private:
  loader::LoadOptions options_;
  std::string url_;
  std::string password_file_;
  std::string operation_ = "update";
  std::uint64_t retry_seconds_ = 300;
};

}  // namespace muster::app
