#include "app/load_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/client_login.h"
#include "app/interruptible.h"
#include "loader/limits.h"

namespace muster::app {
namespace {

using loader::Operation;

constexpr std::string_view kIdParamDefault = "id";

constexpr const char* kFooter = R"(Example:
  muster load people.csv --url https://muster.example.com --user nadia.brandt@example.com \
    --password-file secret.txt --dry-run

The whole file is checked before the first record is sent. The password comes from
--password-file, else MUSTER_PASSWORD, else it is asked for.
Exit code: 0 all records succeeded, 1 the load failed or was stopped (--resume goes on),
2 wrong usage or a file that cannot be used, 3 some records failed.)";

}  // namespace

LoadCommand::LoadCommand(CLI::App& program)
    : Command(program, "load", "Feed a CSV file of users into a running server") {
  options_.jobs = 4;
  options_.batch = loader::limits::kBatchRecordsMax;
  app_->add_option("FILE", options_.file, "CSV, UTF-8, the first line names the fields")
      ->type_name("")
      ->required();
  add_login_options(*app_, {url_, options_.ca_file, options_.who, password_file_});
  app_->add_option("--operation", operation_, "update, create or upsert [update]")
      ->type_name("NAME")
      ->check(CLI::IsMember({"update", "create", "upsert"}));
  app_->add_option("--id-param", options_.id_param,
                   "upsert: finds a user by id, user_name__v or federated_id__v [id]")
      ->type_name("FIELD")
      ->check(CLI::IsMember({"id", "user_name__v", "federated_id__v"}));
  app_->add_flag("--dry-run", options_.dry_run, "Only shows what would change");
  app_->add_flag("--atomic", options_.atomic, "A batch with a failing record changes nothing");
  app_->add_flag("--formula-safe", options_.formula_safe,
                 "Takes off the ' that an export with this flag put before cells");
  app_->add_flag("--resume", options_.resume, "Goes on with a load of this file that was cut off");
  app_->add_option("--jobs", options_.jobs,
                   "Batches in flight; 1 keeps the order of records in the directory [4]")
      ->type_name("N")
      ->check(CLI::Range(1U, loader::limits::kJobsMax));
  app_->add_option("--batch", options_.batch, "Records of a batch, at most 500 [500]")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, loader::limits::kBatchRecordsMax));
  app_->add_option("--results", options_.results, "Writes a line for every record to this file")
      ->type_name("FILE");
  app_->add_option("--failed", options_.failed,
                   "Writes the rows that failed and why, ready to be mended and loaded again")
      ->type_name("FILE");
  app_->add_option("--retry-for", retry_seconds_,
                   "How long to try while the server cannot be reached [300]")
      ->type_name("SECONDS")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{86'400}));
  app_->footer(kFooter);
}

int LoadCommand::run() {
  for (const Operation operation : {Operation::kUpdate, Operation::kCreate, Operation::kUpsert}) {
    if (loader::name_of(operation) == operation_) options_.operation = operation;
  }
  if (options_.operation == Operation::kUpsert) {
    if (options_.id_param.empty()) options_.id_param = kIdParamDefault;
  } else if (!options_.id_param.empty()) {
    return fail_with(kUsage, "--id-param belongs to --operation upsert.");
  }
  if (options_.resume && options_.dry_run) {
    return fail_with(kUsage, "A dry run has nothing to resume.");
  }
  options_.retry_for = std::chrono::seconds(retry_seconds_);
  auto url = loader::parse_server_url(url_);
  if (!url) return fail_with(kUsage, url.error().message);
  options_.url = std::move(*url);
  auto input = loader::open_input(options_.file);
  if (!input) return fail_with(kUsage, input.error().message);
  auto password = read_login_password(password_file_, options_.who.user);
  if (!password) return fail_with(kUsage, password.error().message);
  options_.who.password = std::move(*password);
  std::string spent_state;
  const int code = run_interruptible([&](const std::stop_token& stop) {
    return loader::run_load(std::move(*input), options_, stop, spent_state);
  });
  const bool told = std::fflush(stdout) == 0;
  if (told && !spent_state.empty()) ::unlink(spent_state.c_str());
  return told ? code : fail_with(kFailed, "Standard output cannot be written.");
}

}  // namespace muster::app
