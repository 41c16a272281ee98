#include "app/export_command.h"

#include <CLI/CLI.hpp>

#include "app/client_login.h"
#include "app/interruptible.h"

namespace muster::app {
namespace {

constexpr const char* kFooter = R"(Example:
  muster export --url https://muster.example.com --user nadia.brandt@example.com \
    --password-file secret.txt --output users.csv

The file is one that muster load takes back: change what should change, leave the rest.)";

}  // namespace

ExportCommand::ExportCommand(CLI::App& program)
    : Command(program, "export", "Write the users of a running server as CSV") {
  add_login_options(*app_, {url_, options_.ca_file, options_.who, password_file_});
  app_->add_option("--output", options_.output, "Writes to this file instead of standard output")
      ->type_name("FILE");
  app_->add_flag("--formula-safe", options_.formula_safe,
                 "Puts ' before cells that a spreadsheet would take for a formula");
  app_->footer(kFooter);
}

int ExportCommand::run() {
  auto url = loader::parse_server_url(url_);
  if (!url) return fail_with(kUsage, url.error().message);
  options_.url = std::move(*url);
  auto password = read_login_password(password_file_, options_.who.user);
  if (!password) return fail_with(kUsage, password.error().message);
  options_.who.password = std::move(*password);
  return run_interruptible(
      [&](const std::stop_token& stop) { return loader::run_export(options_, stop); });
}

}  // namespace muster::app
