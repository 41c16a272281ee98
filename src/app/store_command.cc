#include "app/store_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>

#include "app/database_options.h"
#include "base/assert.h"

namespace muster::app {
namespace {

class MigrateCommand final : public Command {
 public:
  explicit MigrateCommand(CLI::App& store)
      : Command(store, "migrate", "Make or migrate the tables of a database") {
    add_database_options(*app_, location_)->required();
  }

  [[nodiscard]] int run() override {
    const auto version = migrate_store(location_);
    if (!version) return fail_with(kFailed, version.error().message);
    fmt::print("The tables have version {}.\n", *version);
    return 0;
  }

 private:
  StoreLocation location_;
};

class DistributeCommand final : public Command {
 public:
  explicit DistributeCommand(CLI::App& store)
      : Command(store, "distribute", "Print what spreads the tables over a Citus database") {
    CLI::Option* url = add_database_options(*app_, location_);
    app_->add_flag("--apply", is_applied_, "Makes the tables and runs the calls")->needs(url);
    app_->footer(
        "All rows of a domain stay on one node. Apply it before the database is filled; with data\n"
        "in it, run what is printed in psql.\n\nExample:\n"
        "  muster store distribute --store postgresql://owner@coordinator/muster --apply");
  }

  [[nodiscard]] int run() override {
    if (is_applied_) {
      const auto done = distribute_store(location_);
      if (!done) return fail_with(kFailed, done.error().message);
    }
    for (const std::string& statement : distribution_sql()) fmt::print("{}\n", statement);
    return 0;
  }

 private:
  StoreLocation location_;
  bool is_applied_ = false;
};

}  // namespace

StoreCommand::StoreCommand(CLI::App& program)
    : Command(program, "store", "Look after a PostgreSQL database") {
  app_->require_subcommand(1);
  commands_.push_back(std::make_unique<MigrateCommand>(*app_));
  commands_.push_back(std::make_unique<DistributeCommand>(*app_));
}

int StoreCommand::run() {
  const auto called = std::ranges::find_if(
      commands_, &Command::called, [](const auto& command) -> const Command& { return *command; });
  MUSTER_ASSERT(called != commands_.end());  // one is required
  return (*called)->run();
}

}  // namespace muster::app
