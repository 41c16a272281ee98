// Invented data for a directory that is only tried out: one domain with three vaults and as many
// users as wanted. The same number always gives the same user, on every machine.
//
//   Domain domain = demo_domain();       // example.com: 3003 Quality, 4112 Clinical, 5221
//   Regulatory User user = demo_user(0);            // id 25001
//
// Pure functions, safe from any thread.
#pragma once

#include <cstdint>

#include "directory/domain.h"
#include "directory/user.h"

namespace muster::app {

inline constexpr std::int32_t kDemoFirstUserId = 25001;

[[nodiscard]] directory::Domain demo_domain();

// The user with id kDemoFirstUserId + index; index from 0 to limits::kDemoUsersMax - 1. Creation
// and modification dates are left to the store.
[[nodiscard]] directory::User demo_user(std::int64_t index);

}  // namespace muster::app
