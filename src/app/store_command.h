// `muster store`: what is done to a PostgreSQL database beside serving it.
#pragma once

#include <memory>
#include <vector>

#include "app/command.h"

namespace muster::app {

class StoreCommand final : public Command {
 public:
  explicit StoreCommand(CLI::App& program);
  [[nodiscard]] int run() override;

 private:
  std::vector<std::unique_ptr<Command>> commands_;  // "migrate", ...
};

}  // namespace muster::app
