#include "directory/vault_selection.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"

namespace muster::directory {
namespace {

bool may_list(const Caller& caller, VaultId vault) {
  return caller.is_domain_admin() || caller.administers(vault);
}

bool may_choose(const Caller& caller) {
  return caller.is_domain_admin() ||
         std::ranges::any_of(caller.domain->vaults,
                             [&](const Vault& vault) { return caller.administers(vault.id); });
}

std::vector<VaultId> listable_vaults(const Caller& caller) {
  std::vector<VaultId> ids;
  for (const Vault& vault : caller.domain->vaults) {
    if (may_list(caller, vault.id)) ids.push_back(vault.id);
  }
  return ids;
}

Result<std::vector<VaultId>> named_vaults(const Caller& caller, std::string_view text) {
  std::vector<VaultId> ids;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view name = trim(text.substr(0, comma));
    const auto id = parse_id<VaultId>(name);
    if (!id) {
      return fail(ErrorType::kInvalidData,
                  "Invalid value [" + excerpt(name) + "] for parameter [vaults].");
    }
    if (caller.domain->find_vault(*id) == nullptr) {
      return fail(ErrorType::kInvalidData, "Vault [" + to_string(*id) + "] does not exist.");
    }
    if (!may_list(caller, *id)) {
      return fail(ErrorType::kInsufficientAccess,
                  "No administrative access to vault [" + to_string(*id) + "].");
    }
    if (std::ranges::find(ids, *id) == ids.end()) ids.push_back(*id);
    if (comma == std::string_view::npos) return ids;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

Result<std::optional<std::vector<VaultId>>> select_vaults(const Caller& caller,
                                                          std::string_view vaults) {
  if (vaults.empty()) return std::vector{caller.vault_id};
  if (!may_choose(caller)) {
    return fail(ErrorType::kInsufficientAccess, "Only administrators may choose vaults.");
  }
  if (vaults == "all") {
    if (caller.is_domain_admin()) return std::nullopt;
    return listable_vaults(caller);
  }
  if (vaults == "-1") {
    std::vector<VaultId> others = listable_vaults(caller);
    std::erase(others, caller.vault_id);
    return others;
  }
  auto named = named_vaults(caller, vaults);
  if (!named) return std::unexpected(std::move(named.error()));
  return std::move(*named);
}

}  // namespace muster::directory
