#include "app/data_commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "base/hex.h"
#include "store/embedded/backup.h"
#include "store/embedded/verify.h"

namespace muster::app {
namespace {

void add_data_option(CLI::App& app, std::string& data_dir, const std::string& help) {
  app.add_option("--data", data_dir, help)->type_name("DIR")->required();
}

int end_with(const Result<void>& done, const std::string& what_was_done) {
  if (!done) return fail_with(kFailed, done.error().message);
  fmt::print("{}\n", what_was_done);
  return 0;
}

std::string text_of(const store::VerifyReport& report) {
  return fmt::format(
      "users             {}\n"
      "journal rows      {}\n"
      "domain audit rows {}\n"
      "login audit rows  {}\n"
      "audit chain head  {}:{}\n"
      "The directory is whole.\n",
      report.users, report.journal_rows, report.domain_rows, report.login_rows, report.journal_rows,
      hex_lower(report.head));
}

}  // namespace

VerifyCommand::VerifyCommand(CLI::App& program)
    : Command(program, "verify", "Check that a data directory is whole") {
  add_data_option(*app_, data_dir_, "Data directory; a server may be using it");
  app_->add_option("--head", noted_head_,
                   "A head of the audit chain that an earlier verify printed")
      ->type_name("ROW:HASH");
  app_->footer(
      "Reads the file, its indexes and the whole journal, and names the first thing that is\n"
      "wrong. Note the head it prints somewhere else: with --head it shows later whether the\n"
      "trail up to there is still the same.\n\nExample:\n"
      "  muster verify --data /var/lib/muster");
}

int VerifyCommand::run() {
  const auto report = store::verify(std::filesystem::path(data_dir_) / "muster.db", noted_head_);
  if (report) {
    fmt::print("{}", text_of(*report));
    return 0;
  }
  const bool is_usage = report.error().type == ErrorType::kInvalidData;
  return fail_with(is_usage ? kUsage : kFailed, report.error().message);
}

BackupCommand::BackupCommand(CLI::App& program)
    : Command(program, "backup", "Copy a data directory while it is in use") {
  add_data_option(*app_, data_dir_, "Data directory; a server may be using it");
  app_->add_option("--output", copy_, "The copy, which must not exist yet")
      ->type_name("FILE")
      ->required();
  app_->footer("Example:\n  muster backup --data /var/lib/muster --output muster-2026-07-01.db");
}

int BackupCommand::run() {
  return end_with(store::backup(data_dir_, copy_),
                  copy_ + " holds all that was committed up to now.");
}

RestoreCommand::RestoreCommand(CLI::App& program)
    : Command(program, "restore", "Make a data directory of a copy") {
  app_->add_option("FILE", copy_, "A copy that muster backup made")->type_name("")->required();
  add_data_option(*app_, data_dir_, "Data directory, without data yet");
  app_->footer(
      "The copy is verified first.\n\nExample:\n"
      "  muster restore muster-2026-07-01.db --data /var/lib/muster");
}

int RestoreCommand::run() {
  return end_with(store::restore(copy_, data_dir_), data_dir_ + " is a data directory now.");
}

}  // namespace muster::app
