#include "app/store_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "app/copy_store.h"
#include "app/database_options.h"
#include "app/environment.h"
#include "app/seed_store.h"
#include "app/settings.h"
#include "base/assert.h"
#include "base/hex.h"

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

// Those of the first administrator, as `muster serve` reads them.
Result<AdministratorRequest> administrator_of_environment() {
  SettingInputs inputs;
  inputs.environment = [](const std::string& name) {
    return name.starts_with("MUSTER_ADMIN_") ? environment(name) : std::nullopt;
  };
  auto settings = load_settings(inputs);
  if (!settings) return std::unexpected(std::move(settings.error()));
  return AdministratorRequest{.user_name = std::move(settings->admin_user),
                              .password = std::move(settings->admin_password)};
}

class SeedCommand final : public Command {
 public:
  explicit SeedCommand(CLI::App& store)
      : Command(store, "seed", "Add a further domain to a database, from a seed file") {
    add_database_options(*app_, arguments_.store)->required();
    add_domain_option(*app_, "--store-domain", arguments_.store,
                      "The domain's number, a free one; 0: the next one");
    app_->add_option("FILE", arguments_.seed_file, "Seed file (JSON)")->type_name("")->required();
    app_->footer(
        "The first administrator is that of MUSTER_ADMIN_USER and MUSTER_ADMIN_PASSWORD, as with\n"
        "muster serve.\n\nExample:\n"
        "  muster store seed second.json --store postgresql://muster@db1/muster --store-domain 2");
  }

  [[nodiscard]] int run() override {
    auto administrator = administrator_of_environment();
    if (!administrator) return fail_with(kUsage, administrator.error().message);
    arguments_.administrator = std::move(*administrator);
    const auto seeded = seed_store(std::move(arguments_));
    if (!seeded) return fail_with(kFailed, seeded.error().message);
    fmt::print("Domain {} is {} with {} users: muster serve --store URL --store-domain {}\n",
               seeded->number, seeded->name, seeded->users, seeded->number);
    const FirstAdministrator& admin = seeded->administrator;
    if (admin.generated) {
      fmt::print("First administrator {} has the password {} (shown only now)\n", admin.user_name,
                 admin.password);
    }
    return 0;
  }

 private:
  SeedArguments arguments_;
};

std::string text_of(const store::CopyReport& report) {
  std::string text = fmt::format("{:<14}{:>12}{:>12}\n", "", "source", "target");
  for (std::size_t i = 0; i < store::kArchiveSections; ++i) {
    text += fmt::format("{:<14}{:>12}{:>12}\n", store::kSectionNames.at(i),
                        report.source.rows.at(i), report.target.rows.at(i));
  }
  return text + fmt::format("content of the source  {}\ncontent of the target  {}\n",
                            hex_lower(report.source.hash), hex_lower(report.target.hash));
}

class CopyCommand final : public Command {
 public:
  explicit CopyCommand(CLI::App& store)
      : Command(store, "copy", "Copy a directory between a data directory and a database") {
    add_place("--from", from_, "What is copied: a data directory no server is using, or a database",
              "Which domain of the database; 0: the only one");
    add_place("--to", to_, "Where to: a new data directory or a database",
              "The domain's number there, a free one; 0: the first one");
    app_->footer(
        "PLACE is a directory or a URL postgresql://... What was interrupted goes on when it is "
        "run\n"
        "again. At the end both are read and compared.\n\nExample:\n"
        "  muster store copy --from /var/lib/muster --to postgresql://muster@db1/muster");
  }

  [[nodiscard]] int run() override {
    const auto report = copy_store(location(from_), location(to_));
    if (!report) return fail_with(kFailed, report.error().message);
    fmt::print("{}", text_of(*report));
    if (!report->is_whole())
      return fail_with(kFailed,
                       "The copy differs from its source: remove it and copy "
                       "again.");
    fmt::print("The copy is whole.\n");
    return 0;
  }

 private:
  struct Place {
    std::string text;
    StoreLocation location;  // what is said beside it
  };

  void add_place(const std::string& flag, Place& place, const std::string& help,
                 const std::string& domain_help) {
    app_->add_option(flag, place.text, help)->type_name("PLACE")->required();
    add_domain_option(*app_, flag + "-domain", place.location, domain_help);
    add_password_option(*app_, flag + "-password-file", place.location);
  }

  static StoreLocation location(const Place& place) {
    StoreLocation location = place.location;
    (is_store_url(place.text) ? location.url : location.data_dir) = place.text;
    return location;
  }

  Place from_;
  Place to_;
};

}  // namespace

StoreCommand::StoreCommand(CLI::App& program)
    : Command(program, "store", "Look after a PostgreSQL database, or copy into and out of it") {
  app_->require_subcommand(1);
  commands_.push_back(std::make_unique<MigrateCommand>(*app_));
  commands_.push_back(std::make_unique<DistributeCommand>(*app_));
  commands_.push_back(std::make_unique<SeedCommand>(*app_));
  commands_.push_back(std::make_unique<CopyCommand>(*app_));
}

int StoreCommand::run() {
  const auto called = std::ranges::find_if(
      commands_, &Command::called, [](const auto& command) -> const Command& { return *command; });
  MUSTER_ASSERT(called != commands_.end());  // one is required
  return (*called)->run();
}

}  // namespace muster::app
