#include "app/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "app/completion.h"
#include "app/data_commands.h"
#include "app/export_command.h"
#include "app/healthcheck.h"
#include "app/load_command.h"
#include "app/print_routes.h"
#include "app/reset_password.h"
#include "app/serve.h"
#include "app/settings.h"
#include "app/store_location.h"
#include "app/version.h"

namespace muster::app {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

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

std::optional<std::string> environment(const std::string& name) {
  // Read before any other thread starts.
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

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

int fail_with(int code, const std::string& message) {
  fmt::print(stderr, "muster: {}\n", message);
  return code;
}

// --store and what belongs to it; the option --store.
CLI::Option* add_database_options(CLI::App& command, StoreLocation& location) {
  CLI::Option* url = command.add_option("--store", location.url,
                                        "Database, as in postgresql://muster@host/muster");
  url->type_name("URL")->check([](const std::string& text) {
    return is_store_url(text) ? std::string() : "a URL postgresql://... is needed";
  });
  command
      .add_option("--store-password-file", location.password_file,
                  "Reads the database's password from the first line of this file")
      ->type_name("FILE");
  command.add_option("--store-domain", location.domain, "Which domain; 0: the only one")
      ->type_name("N");
  return url;
}

// One command: its part of the command line, and what it does when it was called.
class ServeCommand {
 public:
  explicit ServeCommand(CLI::App& program)
      : app_(program.add_subcommand("serve", "Serve a directory over HTTP")) {
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

  [[nodiscard]] bool called() const { return app_->parsed(); }

  int run() {
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
  CLI::App* app_;
};

class HealthcheckCommand {
 public:
  explicit HealthcheckCommand(CLI::App& program)
      : app_(program.add_subcommand("healthcheck", "Ask a running server whether it is ready")) {
    app_->add_option("--url", question_.url, "The server, as in http://127.0.0.1:8080")
        ->type_name("URL")
        ->required();
    app_->add_option("--ca-file", question_.ca_file, "Trusts the certificates of this file (PEM)")
        ->type_name("FILE");
    app_->add_flag("--insecure", question_.trust_all, "Trusts any certificate");
    app_->footer("Example:\n  muster healthcheck --url http://127.0.0.1:8080");
  }

  [[nodiscard]] bool called() const { return app_->parsed(); }

  [[nodiscard]] int run() const {
    const auto healthy = check_health(question_);
    if (healthy) return 0;
    const bool is_usage = healthy.error().type == ErrorType::kInvalidData;
    return fail_with(is_usage ? kUsage : kFailed, healthy.error().message);
  }

 private:
  HealthQuestion question_;
  CLI::App* app_;
};

class PasswdCommand {
 public:
  explicit PasswdCommand(CLI::App& program)
      : app_(program.add_subcommand("passwd", "Give an account a new password")) {
    auto* data = app_->add_option("--data", arguments_.store.data_dir,
                                  "Data directory that no server is using");
    data->type_name("DIR");
    add_database_options(*app_, arguments_.store)->excludes(data);
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

  [[nodiscard]] bool called() const { return app_->parsed(); }

  [[nodiscard]] int run() const {
    if (arguments_.store.data_dir.empty() && arguments_.store.url.empty()) {
      return fail_with(kUsage, "--data or --store is needed.");
    }
    const auto done = run_passwd(arguments_);
    return done ? 0 : fail_with(kFailed, done.error().message);
  }

 private:
  PasswdArguments arguments_;
  CLI::App* app_;
};

class VerifyCommand {
 public:
  explicit VerifyCommand(CLI::App& program)
      : app_(program.add_subcommand("verify", "Check that a data directory is whole")) {
    app_->add_option("--data", arguments_.data_dir, "Data directory; a server may be using it")
        ->type_name("DIR")
        ->required();
    app_->add_option("--head", arguments_.head,
                     "A head of the audit chain that an earlier verify printed")
        ->type_name("ROW:HASH");
    app_->footer(
        "Reads the file, its indexes and the whole journal, and names the first thing that is\n"
        "wrong. Note the head it prints somewhere else: with --head it shows later whether the\n"
        "trail up to there is still the same.\n\nExample:\n"
        "  muster verify --data /var/lib/muster");
  }

  [[nodiscard]] bool called() const { return app_->parsed(); }

  [[nodiscard]] int run() const {
    const auto done = run_verify(arguments_);
    if (done) return 0;
    const bool is_usage = done.error().type == ErrorType::kInvalidData;
    return fail_with(is_usage ? kUsage : kFailed, done.error().message);
  }

 private:
  VerifyArguments arguments_;
  CLI::App* app_;
};

class BackupCommand {
 public:
  explicit BackupCommand(CLI::App& program)
      : app_(program.add_subcommand("backup", "Copy a data directory while it is in use")) {
    app_->add_option("--data", arguments_.data_dir, "Data directory; a server may be using it")
        ->type_name("DIR")
        ->required();
    app_->add_option("--output", arguments_.file, "The copy, which must not exist yet")
        ->type_name("FILE")
        ->required();
    app_->footer("Example:\n  muster backup --data /var/lib/muster --output muster-2026-07-01.db");
  }

  [[nodiscard]] bool called() const { return app_->parsed(); }

  [[nodiscard]] int run() const {
    const auto done = run_backup(arguments_);
    return done ? 0 : fail_with(kFailed, done.error().message);
  }

 private:
  CopyArguments arguments_;
  CLI::App* app_;
};

class RestoreCommand {
 public:
  explicit RestoreCommand(CLI::App& program)
      : app_(program.add_subcommand("restore", "Make a data directory of a copy")) {
    app_->add_option("FILE", arguments_.file, "A copy that muster backup made")
        ->type_name("")
        ->required();
    app_->add_option("--data", arguments_.data_dir, "Data directory, without data yet")
        ->type_name("DIR")
        ->required();
    app_->footer(
        "The copy is verified first.\n\nExample:\n"
        "  muster restore muster-2026-07-01.db --data /var/lib/muster");
  }

  [[nodiscard]] bool called() const { return app_->parsed(); }

  [[nodiscard]] int run() const {
    const auto done = run_restore(arguments_);
    return done ? 0 : fail_with(kFailed, done.error().message);
  }

 private:
  CopyArguments arguments_;
  CLI::App* app_;
};

// What is done to a database beside serving it.
class StoreCommand {
 public:
  explicit StoreCommand(CLI::App& program)
      : app_(program.add_subcommand("store", "Look after a PostgreSQL database")),
        migrate_(app_->add_subcommand("migrate", "Make or migrate its tables")) {
    app_->require_subcommand(1);
    add_database_options(*migrate_, location_)->required();
  }

  [[nodiscard]] bool called() const { return app_->parsed(); }

  [[nodiscard]] int run() const {
    const auto version = migrate_store(location_);
    if (!version) return fail_with(kFailed, version.error().message);
    fmt::print("The tables have version {}.\n", *version);
    return 0;
  }

 private:
  StoreLocation location_;
  CLI::App* app_;
  CLI::App* migrate_;
};

class RoutesCommand {
 public:
  explicit RoutesCommand(CLI::App& program)
      : app_(program.add_subcommand("routes", "List the calls this program serves")) {
    app_->footer(
        "A line is: method, path, session, formats of the answer.\n\nExample:\n"
        "  muster routes | grep objects/users");
  }

  [[nodiscard]] bool called() const { return app_->parsed(); }

  static int run() {
    fmt::print("{}", routes_text());
    return 0;
  }

 private:
  CLI::App* app_;
};

class CompletionCommand {
 public:
  explicit CompletionCommand(CLI::App& program)
      : program_(program),
        app_(program.add_subcommand("completion", "Print a completion script for a shell")) {
    app_->add_option("SHELL", shell_, "bash or zsh")
        ->type_name("")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh"}));
    app_->footer("Example, in ~/.bashrc or ~/.zshrc:\n  source <(muster completion bash)");
  }

  [[nodiscard]] bool called() const { return app_->parsed(); }

  [[nodiscard]] int run() const {
    fmt::print("{}", shell_ == "bash" ? bash_completion(program_) : zsh_completion(program_));
    return 0;
  }

 private:
  const CLI::App& program_;
  std::string shell_;
  CLI::App* app_;
};

class VersionCommand {
 public:
  explicit VersionCommand(CLI::App& program)
      : app_(program.add_subcommand("version", "Name this program and its libraries")) {
    app_->footer("Example:\n  muster version");
  }

  [[nodiscard]] bool called() const { return app_->parsed(); }

  static int run() {
    fmt::print("{}", version_text());
    return 0;
  }

 private:
  CLI::App* app_;
};

}  // namespace

int run_command(int argc, const char* const* argv) {
  CLI::App program("A self-hosted user directory that speaks the Vault Users REST API", "muster");
  program.formatter(std::make_shared<UsageFirst>());
  program.require_subcommand(1);
  ServeCommand serve_command(program);
  LoadCommand load(program);
  ExportCommand export_users(program);
  const HealthcheckCommand healthcheck(program);
  const PasswdCommand passwd(program);
  const BackupCommand backup(program);
  const RestoreCommand restore(program);
  const VerifyCommand verify(program);
  const StoreCommand store(program);
  const RoutesCommand routes(program);
  const CompletionCommand completion(program);
  const VersionCommand version_command(program);
  program.footer("muster COMMAND --help explains a command.");  // last: commands would inherit it
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", program.help());
    return 0;
  } catch (const CLI::ParseError& wrong) {
    return fail_with(kUsage, std::string(wrong.what()) + "\nmuster --help lists what there is.");
  }
  if (serve_command.called()) return serve_command.run();
  if (load.called()) return load.run();
  if (export_users.called()) return export_users.run();
  if (healthcheck.called()) return healthcheck.run();
  if (passwd.called()) return passwd.run();
  if (backup.called()) return backup.run();
  if (restore.called()) return restore.run();
  if (verify.called()) return verify.run();
  if (store.called()) return store.run();
  if (routes.called()) return RoutesCommand::run();
  if (completion.called()) return completion.run();
  return version_command.run();
}

}  // namespace muster::app
