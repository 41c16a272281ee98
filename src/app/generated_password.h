// A password for people to type once: four groups of five out of 32 letters and digits that
// cannot be mistaken for each other, 100 bits in all. It satisfies every security policy.
#pragma once

#include <string>

#include "directory/secrets.h"

namespace muster::app {

[[nodiscard]] std::string generate_password(directory::RandomSource& random);

}  // namespace muster::app
