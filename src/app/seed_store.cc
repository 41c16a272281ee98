#include "app/seed_store.h"

#include <utility>

#include "app/seed_file.h"
#include "base/metrics.h"
#include "system/sodium_secrets.h"
#include "system/system_clock.h"

namespace muster::app {

Result<SeededDomain> seed_store(SeedArguments arguments) {
  auto seed = read_seed_file(arguments.seed_file);
  if (!seed) return std::unexpected(std::move(seed.error()));
  const DirectorySource source = seed_source(std::move(*seed));
  Metrics metrics;
  arguments.store.is_new_domain = true;
  const auto opened = open_store(arguments.store, metrics);
  if (!opened) return std::unexpected(opened.error());
  const system::SystemClock clock;
  const system::SodiumPasswordHasher passwords;
  system::SodiumRandom random;
  auto administrator = fill_store(*opened->store, source, arguments.administrator,
                                  {.clock = clock, .passwords = passwords, .random = random});
  if (!administrator) return std::unexpected(std::move(administrator.error()));
  return SeededDomain{.number = opened->domain,
                      .name = source.domain.name,
                      .users = source.user_count,
                      .administrator = std::move(*administrator)};
}

}  // namespace muster::app
