#include "app/data_commands.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/hex.h"
#include "store/embedded/backup.h"
#include "store/embedded/verify.h"

namespace muster::app {
namespace {

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

Result<void> run_verify(const VerifyArguments& arguments) {
  const auto report =
      store::verify(std::filesystem::path(arguments.data_dir) / "muster.db", arguments.head);
  if (!report) return std::unexpected(report.error());
  fmt::print("{}", text_of(*report));
  return {};
}

Result<void> run_backup(const CopyArguments& arguments) {
  if (auto done = store::backup(arguments.data_dir, arguments.file); !done) return done;
  fmt::print("{} holds all that was committed up to now.\n", arguments.file);
  return {};
}

Result<void> run_restore(const CopyArguments& arguments) {
  if (auto done = store::restore(arguments.file, arguments.data_dir); !done) return done;
  fmt::print("{} is a data directory now.\n", arguments.data_dir);
  return {};
}

}  // namespace muster::app
