// The `vaults` parameter of Retrieve All Users: which vaults' members a caller gets to see
// (protocol 3.2). Pure functions, safe from any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/caller.h"

namespace muster::directory {

// `vaults` as sent: "" (session vault), "all", "-1" (all but the session vault) or "3003,4112".
// nullopt: every user of the domain, domain-only ones included ("all" of a Domain Admin).
// Errors: kInsufficientAccess without the right to choose vaults or for a named vault out of
// reach; kInvalidData for an unknown vault or a bad list. Of "all" and "-1" the vaults out of reach
// are left out.
[[nodiscard]] Result<std::optional<std::vector<VaultId>>> select_vaults(const Caller& caller,
                                                                        std::string_view vaults);

}  // namespace muster::directory
