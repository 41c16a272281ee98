// Fills an empty store: the domain, the system account, the users of a seed or demo data, the
// first administrator; then marks it as initialised. One that is interrupted starts empty again.
//
//   auto admin = fill_store(store, demo_source(1000), {.user_name = "", .password = ""}, tools);
//   if (admin && admin->generated) print_once(admin->password);
//
// Blocks on the disk and hashes passwords; called once, before the server listens.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/seed_file.h"
#include "base/result.h"
#include "directory/clock.h"
#include "directory/domain.h"
#include "directory/secrets.h"
#include "directory/store.h"

namespace muster::app {

// Users by number from 0 to user_count - 1, made when they are asked for.
struct DirectorySource {
  directory::Domain domain;
  std::int64_t user_count = 0;
  std::function<SeedUser(std::int64_t index)> user;
};

[[nodiscard]] DirectorySource demo_source(std::int64_t users);
[[nodiscard]] DirectorySource seed_source(Seed seed);

struct AdministratorRequest {
  std::string user_name;  // empty: admin@<domain>; without '@' the domain is added
  std::string password;   // empty: that of the seed, else one is generated
};

struct FirstAdministrator {
  std::string user_name;
  std::string password;  // only when generated
  bool generated = false;
};

struct FillTools {
  const directory::Clock& clock;
  const directory::PasswordHasher& passwords;
  directory::RandomSource& random;
};

// The administrator is Domain Admin and Vault Owner in every vault; an account of that name in
// the source becomes it, else one is added. Errors: kInvalidData for a user name that is none;
// those of the store. REQUIRES: store is not initialised.
[[nodiscard]] Result<FirstAdministrator> fill_store(directory::Store& store,
                                                    const DirectorySource& source,
                                                    const AdministratorRequest& administrator,
                                                    const FillTools& tools);

// Adds what an earlier version did not give a store it filled: the group of all internal users.
// Errors: those of the store. REQUIRES: store is initialised.
[[nodiscard]] Result<void> complete_store(directory::Store& store, const directory::Clock& clock);

}  // namespace muster::app
