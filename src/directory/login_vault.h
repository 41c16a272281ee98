// In which vault a login lands (protocol section 4.1).
//
//   const auto vaults = login_vaults(*domain, *user);
//   if (!vaults.empty()) session.vault_id = choose_vault(*domain, vaults, dns, last_vault);
//
// Pure functions, safe from any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "directory/domain.h"
#include "directory/user.h"

namespace muster::directory {

// The active vaults in which the user is an active member, oldest first. A Domain Admin without
// any may enter every active vault: otherwise a fresh installation could not be administered.
[[nodiscard]] std::vector<VaultId> login_vaults(const Domain& domain, const User& user);

// The vault of that DNS, else the last one, else the oldest. `wanted_dns` is compared ignoring
// case, with and without port. REQUIRES: `candidates` is login_vaults() and not empty.
[[nodiscard]] VaultId choose_vault(const Domain& domain, std::span<const VaultId> candidates,
                                   std::string_view wanted_dns, VaultId last_vault);

// Whether a session of that user in that vault may (still) be used.
[[nodiscard]] bool may_enter(const Domain& domain, const User& user, VaultId vault);

// The vault that goes by that name, exactly or but for the port; null when none does.
[[nodiscard]] const Vault* find_vault_called(const Domain& domain, std::string_view dns);

// Equal ignoring ASCII case, or equal but for a port that only one of them names. Only one to five
// digits after a colon are a port: answers repeat the name a client used.
[[nodiscard]] bool is_same_dns(std::string_view a, std::string_view b);

}  // namespace muster::directory
