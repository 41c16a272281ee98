#include "app/client_login.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/secret_input.h"

namespace muster::app {

void add_login_options(CLI::App& command, const LoginOptions& options) {
  command.add_option("--url", options.url, "The server, as in http://127.0.0.1:8080")
      ->type_name("URL")
      ->required();
  command.add_option("--user", options.who.user, "Who logs in, as in nadia.brandt@example.com")
      ->type_name("NAME")
      ->required();
  command
      .add_option("--password-file", options.password_file,
                  "Reads the password from the first line of this file")
      ->type_name("FILE");
  command
      .add_option("--vault", options.who.vault_dns,
                  "DNS name of the vault to log in to; without it the server chooses")
      ->type_name("DNS");
  command
      .add_option("--ca-file", options.ca_file,
                  "Trusts the certificates of this file (PEM) besides those of the system")
      ->type_name("FILE");
}

Result<std::string> read_login_password(const std::string& file, const std::string& user) {
  struct stat status{};
  if (!file.empty() && ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
      (status.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    fmt::print(stderr, "muster: {} can be read by others; chmod 600 keeps it yours.\n", file);
  }
  return read_secret(file, fmt::format("Password of {}: ", user).c_str());
}

}  // namespace muster::app
