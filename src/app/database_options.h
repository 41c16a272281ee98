// The options that name a PostgreSQL database, for every command that takes one.
// For the main thread; `location` outlives the command.
#pragma once

#include <string>

#include "app/store_location.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace muster::app {

// --store and the password to it; the option --store.
CLI::Option* add_database_options(CLI::App& command, StoreLocation& location);

void add_password_option(CLI::App& command, const std::string& name, StoreLocation& location);
void add_domain_option(CLI::App& command, const std::string& name, StoreLocation& location,
                       const std::string& help);

}  // namespace muster::app
