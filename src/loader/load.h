// `muster load FILE`: the whole way of a file into a directory.
//
//   auto input = open_input(options.file);          // before anybody is asked for a password
//   return run_load(std::move(*input), options, stop);
//
// Check, then send: nothing is sent of a file with a problem. Messages and progress go to standard
// error; the summary, and the differences of a dry run, to standard output.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "loader/api_session.h"
#include "loader/columns.h"
#include "loader/open_file.h"
#include "loader/server_url.h"

namespace muster::loader {

struct LoadOptions {
  std::string file;
  ServerUrl url;
  std::string ca_file;
  Credentials who;
  Operation operation = Operation::kUpdate;
  std::string id_param;  // upsert: the column that finds a user
  bool dry_run = false;
  bool atomic = false;
  bool formula_safe = false;  // the file is such an export
  bool resume = false;
  unsigned jobs = 1;        // batches in flight, at most kJobsMax
  std::size_t batch = 500;  // records of a batch, at most kBatchRecordsMax
  std::string results;      // empty: none
  std::string failed;       // empty: none
  std::chrono::seconds retry_for{};
};

// "update", "create", "upsert".
[[nodiscard]] std::string_view name_of(Operation operation);

// kInvalidData "FILE: reason" for a file that cannot be read or is no CSV at first sight.
[[nodiscard]] Result<OpenFile> open_input(const std::string& path);

// Exit code: 0 fine, 1 failed or stopped, 2 unusable file or options, 3 some records failed.
// `spent_state`: set to the state file of a load that is complete. It is for the caller to remove,
// as the last thing it does: a kill before that is followed by a resume with the same summary.
[[nodiscard]] int run_load(OpenFile input, const LoadOptions& options, std::stop_token stop,
                           std::string& spent_state);

}  // namespace muster::loader
