#include "app/export_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/client_login.h"
#include "app/interruptible.h"

namespace muster::app {
namespace {

constexpr int kUsage = 2;

constexpr const char* kFooter = R"(Example:
  muster export --url https://muster.example.com --user nadia.brandt@example.com \
    --password-file secret.txt --output users.csv

The file is one that muster load takes back: change what should change, leave the rest.)";

int fail_usage(const std::string& message) {
  fmt::print(stderr, "muster: {}\n", message);
  return kUsage;
}

}  // namespace

ExportCommand::ExportCommand(CLI::App& program)
    : app_(program.add_subcommand("export", "Write the users of a running server as CSV")) {
  add_login_options(*app_, {url_, options_.ca_file, options_.who, password_file_});
  app_->add_option("--output", options_.output, "Writes to this file instead of standard output")
      ->type_name("FILE");
  app_->add_flag("--formula-safe", options_.formula_safe,
                 "Puts ' before cells that a spreadsheet would take for a formula");
  app_->footer(kFooter);
}

bool ExportCommand::called() const { return app_->parsed(); }

int ExportCommand::run() {
  auto url = loader::parse_server_url(url_);
  if (!url) return fail_usage(url.error().message);
  options_.url = std::move(*url);
  auto password = read_login_password(password_file_, options_.who.user);
  if (!password) return fail_usage(password.error().message);
  options_.who.password = std::move(*password);
  return run_interruptible(
      [&](const std::stop_token& stop) { return loader::run_export(options_, stop); });
}

}  // namespace muster::app
