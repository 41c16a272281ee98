#include "app/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/completion.h"
#include "app/data_commands.h"
#include "app/database_options.h"
#include "app/environment.h"
#include "app/export_command.h"
#include "app/healthcheck.h"
#include "app/load_command.h"
#include "app/print_routes.h"
#include "app/reset_password.h"
#include "app/serve.h"
#include "app/settings.h"
#include "app/store_command.h"
#include "app/version.h"
#include "base/assert.h"

namespace muster::app {
namespace {

// Help that begins with the usage line.
class UsageFirst : public CLI::Formatter {
 public:
  UsageFirst() { column_width(36); }

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
    std::string help = make_usage(app, std::move(name)) + "\n" + make_description(app);
    help += make_positionals(app) + make_groups(app, mode) + make_subcommands(app, mode);
    const std::string footer = make_footer(app);
    return footer.empty() ? help : help + "\n" + footer;
  }
};

std::string serve_footer() {
  std::string footer =
      "Example:\n  muster serve --data /var/lib/muster --listen 127.0.0.1:8080 --demo 1000\n\n"
      "Each flag is also an environment variable (--log-format is MUSTER_LOG_FORMAT) and a key of\n"
      "the TOML file (log_format). A flag beats the environment, the environment beats the "
      "file.\n\n"
      "Environment only:\n";
  for (const SettingRow& row : setting_rows()) {
    if (row.source != SettingSource::kSecret) continue;
    footer += fmt::format("  {:<34}{}\n", environment_variable_of(row), row.help);
  }
  return footer;
}

class ServeCommand final : public Command {
 public:
  explicit ServeCommand(CLI::App& program)
      : Command(program, "serve", "Serve a directory over HTTP") {
    for (const SettingRow& row : setting_rows()) {
      if (row.source == SettingSource::kSecret) continue;
      std::string help(row.help);
      if (!row.default_text.empty()) help += fmt::format(" [{}]", row.default_text);
      app_->add_option(flag_of(row), inputs_.flags[std::string(row.key)], help)
          ->type_name(std::string(row.value_name));
    }
    app_->add_option("--config", inputs_.config_file, "Reads settings from this TOML file")
        ->type_name("FILE");
    app_->footer(serve_footer());
  }

  [[nodiscard]] int run() override {
    // A flag that was not given must not hide the environment.
    for (const SettingRow& row : setting_rows()) {
      if (row.source == SettingSource::kSecret || app_->count(flag_of(row)) > 0) continue;
      inputs_.flags.erase(std::string(row.key));
    }
    inputs_.environment = environment;
    const auto settings = load_settings(inputs_);
    return settings ? serve(*settings) : fail_with(kUsage, settings.error().message);
  }

 private:
  SettingInputs inputs_;
};

class HealthcheckCommand final : public Command {
 public:
  explicit HealthcheckCommand(CLI::App& program)
      : Command(program, "healthcheck", "Ask a running server whether it is ready") {
    app_->add_option("--url", question_.url, "The server, as in http://127.0.0.1:8080")
        ->type_name("URL")
        ->required();
    app_->add_option("--ca-file", question_.ca_file, "Trusts the certificates of this file (PEM)")
        ->type_name("FILE");
    app_->add_flag("--insecure", question_.trust_all, "Trusts any certificate");
    app_->footer("Example:\n  muster healthcheck --url http://127.0.0.1:8080");
  }

  [[nodiscard]] int run() override {
    const auto healthy = check_health(question_);
    if (healthy) return 0;
    const bool is_usage = healthy.error().type == ErrorType::kInvalidData;
    return fail_with(is_usage ? kUsage : kFailed, healthy.error().message);
  }

 private:
  HealthQuestion question_;
};

class PasswdCommand final : public Command {
 public:
  explicit PasswdCommand(CLI::App& program)
      : Command(program, "passwd", "Give an account a new password") {
    auto* data = app_->add_option("--data", arguments_.store.data_dir,
                                  "Data directory that no server is using");
    data->type_name("DIR");
    add_database_options(*app_, arguments_.store)->excludes(data);
    add_domain_option(*app_, "--store-domain", arguments_.store, "Which domain; 0: the only one");
    app_->add_option("--password-file", arguments_.password_file,
                     "Reads the password from the first line of this file")
        ->type_name("FILE");
    app_->add_option("USER", arguments_.user_name, "User name, as in mei.tan@example.com")
        ->type_name("")
        ->required();
    app_->footer(
        "Without a file the password is MUSTER_PASSWORD, else it is asked for.\n\nExample:\n"
        "  muster passwd --data /var/lib/muster mei.tan@example.com");
  }

  [[nodiscard]] int run() override {
    if (arguments_.store.data_dir.empty() && arguments_.store.url.empty()) {
      return fail_with(kUsage, "--data or --store is needed.");
    }
    const auto done = run_passwd(arguments_);
    return done ? 0 : fail_with(kFailed, done.error().message);
  }

 private:
  PasswdArguments arguments_;
};

class RoutesCommand final : public Command {
 public:
  explicit RoutesCommand(CLI::App& program)
      : Command(program, "routes", "List the calls this program serves") {
    app_->footer(
        "A line is: method, path, session, formats of the answer.\n\nExample:\n"
        "  muster routes | grep objects/users");
  }

  [[nodiscard]] int run() override {
    fmt::print("{}", routes_text());
    return 0;
  }
};

class CompletionCommand final : public Command {
 public:
  explicit CompletionCommand(CLI::App& program)
      : Command(program, "completion", "Print a completion script for a shell"), program_(program) {
    app_->add_option("SHELL", shell_, "bash or zsh")
        ->type_name("")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh"}));
    app_->footer("Example, in ~/.bashrc or ~/.zshrc:\n  source <(muster completion bash)");
  }

  [[nodiscard]] int run() override {
    fmt::print("{}", shell_ == "bash" ? bash_completion(program_) : zsh_completion(program_));
    return 0;
  }

 private:
  const CLI::App& program_;
  std::string shell_;
};

class VersionCommand final : public Command {
 public:
  explicit VersionCommand(CLI::App& program)
      : Command(program, "version", "Name this program and its libraries") {
    app_->footer("Example:\n  muster version");
  }

  [[nodiscard]] int run() override {
    fmt::print("{}", version_text());
    return 0;
  }
};

// In the order of the help.
template <typename... Commands>
std::vector<std::unique_ptr<Command>> make_commands(CLI::App& program) {
  std::vector<std::unique_ptr<Command>> commands;
  (commands.push_back(std::make_unique<Commands>(program)), ...);
  return commands;
}

}  // namespace

int run_command(int argc, const char* const* argv) {
  CLI::App program("A self-hosted user directory that speaks the Vault Users REST API", "muster");
  program.formatter(std::make_shared<UsageFirst>());
  program.require_subcommand(1);
  const std::vector<std::unique_ptr<Command>> commands =
      make_commands<ServeCommand, LoadCommand, ExportCommand, HealthcheckCommand, PasswdCommand,
                    BackupCommand, RestoreCommand, VerifyCommand, StoreCommand, RoutesCommand,
                    CompletionCommand, VersionCommand>(program);
  program.footer("muster COMMAND --help explains a command.");  // last: commands would inherit it
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", program.help());
    return 0;
  } catch (const CLI::ParseError& wrong) {
    return fail_with(kUsage, std::string(wrong.what()) + "\nmuster --help lists what there is.");
  }
  const auto called = std::ranges::find_if(
      commands, &Command::called, [](const auto& command) -> const Command& { return *command; });
  MUSTER_ASSERT(called != commands.end());  // one is required
  return (*called)->run();
}

}  // namespace muster::app
