// The options that every command has that logs in to a server, and where its password comes from.
#pragma once

#include <string>

#include "base/result.h"
#include "loader/api_session.h"

namespace CLI {
class App;
}

namespace muster::app {

// Where the options' values go; outlives the parsing.
struct LoginOptions {
  std::string& url;
  std::string& ca_file;
  loader::Credentials& who;
  std::string& password_file;
};

void add_login_options(CLI::App& command, const LoginOptions& options);

// As read_secret(); a file that others may read is warned of.
[[nodiscard]] Result<std::string> read_login_password(const std::string& file,
                                                      const std::string& user);

}  // namespace muster::app
