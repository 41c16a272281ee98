// `muster export`: all users of a vault as CSV that `muster load` takes back unchanged
// (protocol 7.5), streamed.
#pragma once

#include <stop_token>
#include <string>

#include "loader/api_session.h"
#include "loader/server_url.h"

namespace muster::loader {

struct ExportOptions {
  ServerUrl url;
  std::string ca_file;
  Credentials who;
  std::string output;         // empty: standard output
  bool formula_safe = false;  // no cell that a spreadsheet takes for a formula
};

// Exit code: 0 fine, 1 failed, 2 unusable options. A file appears whole or not at all.
[[nodiscard]] int run_export(const ExportOptions& options, const std::stop_token& stop);

}  // namespace muster::loader
