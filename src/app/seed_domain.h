// The sections of a seed file that make the domain: domain, vaults, security_policies,
// security_profiles, groups, licenses, delegations. Pure; see seed_file.h for use.
#pragma once

#include "app/seed_object.h"
#include "directory/domain.h"

namespace muster::app {

// What is wrong goes to the problems of `root`. Absent sections: one policy 821 "Basic", the
// standard profiles, no groups, licenses and delegations; a domain and a vault must be there.
[[nodiscard]] directory::Domain read_seed_domain(SeedObject& root);

}  // namespace muster::app
