#include "app/database_options.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <string>

namespace muster::app {

CLI::Option* add_database_options(CLI::App& command, StoreLocation& location) {
  CLI::Option* url = command.add_option("--store", location.url,
                                        "Database, as in postgresql://muster@host/muster");
  url->type_name("URL")->check([](const std::string& text) {
    return is_store_url(text) ? std::string() : "a URL postgresql://... is needed";
  });
  add_password_option(command, "--store-password-file", location);
  return url;
}

void add_password_option(CLI::App& command, const std::string& name, StoreLocation& location) {
  command
      .add_option(name, location.password_file,
                  "Reads the database's password from the first line of this file")
      ->type_name("FILE");
}

void add_domain_option(CLI::App& command, const std::string& name, StoreLocation& location,
                       const std::string& help) {
  command.add_option(name, location.domain, help)
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{std::numeric_limits<std::int32_t>::max()}));
}

}  // namespace muster::app
