// A further domain in a database, from a seed file (`muster store seed`).
//
//   auto seeded = seed_store({.store = {.url = url}, .seed_file = "second.json", ...});
//   if (seeded && seeded->administrator.generated) print_once(seeded->administrator.password);
//
// The domains of a database do not see each other. Blocks on the disk and hashes passwords.
#pragma once

#include <cstdint>
#include <string>

#include "app/fill_store.h"
#include "app/store_location.h"
#include "base/result.h"

namespace muster::app {

struct SeedArguments {
  StoreLocation store;  // with a url; its domain is the wanted number, 0: the next one
  std::string seed_file;
  AdministratorRequest administrator;
};

struct SeededDomain {
  std::int64_t number = 0;
  std::string name;
  std::int64_t users = 0;  // of the seed
  FirstAdministrator administrator;
};

// Errors: kInvalidData for the seed file, before anything is written; those of the store. What an
// interrupted one left is removed when its number is given again.
[[nodiscard]] Result<SeededDomain> seed_store(SeedArguments arguments);

}  // namespace muster::app
