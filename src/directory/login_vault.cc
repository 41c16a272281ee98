#include "directory/login_vault.h"

#include <algorithm>
#include <optional>

#include "base/assert.h"
#include "base/text.h"

namespace muster::directory {
namespace {

bool is_active_member(const User& user, VaultId vault) {
  const Membership* membership = user.membership(vault);
  return membership != nullptr && membership->active;
}

constexpr std::size_t kPortDigitsMax = 5;

struct HostPort {
  std::string_view host;
  std::string_view port;  // empty: none
};

HostPort split(std::string_view dns) {
  const auto colon = dns.rfind(':');
  if (colon == std::string_view::npos) return {dns, {}};
  const std::string_view port = dns.substr(colon + 1);
  // Nor are the colons within "[::1]".
  const bool is_port = !port.empty() && port.size() <= kPortDigitsMax &&
                       port.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_port) return {dns, {}};
  return {dns.substr(0, colon), port};
}

}  // namespace

bool is_same_dns(std::string_view a, std::string_view b) {
  const auto [host_a, port_a] = split(a);
  const auto [host_b, port_b] = split(b);
  return equals_ignoring_case(host_a, host_b) &&
         (port_a == port_b || port_a.empty() || port_b.empty());
}

const Vault* find_vault_called(const Domain& domain, std::string_view dns) {
  // Exactly first: vaults of one host may differ by port only.
  if (const Vault* vault = domain.find_vault_by_dns(dns)) return vault;
  const auto found = std::ranges::find_if(
      domain.vaults, [dns](const Vault& vault) { return is_same_dns(vault.dns, dns); });
  return found == domain.vaults.end() ? nullptr : &*found;
}

std::vector<VaultId> login_vaults(const Domain& domain, const User& user) {
  std::vector<VaultId> all;
  std::vector<VaultId> own;
  for (const Vault& vault : domain.vaults) {
    if (!vault.active) continue;
    all.push_back(vault.id);
    if (is_active_member(user, vault.id)) own.push_back(vault.id);
  }
  return own.empty() && user.is_domain_admin ? all : own;
}

VaultId choose_vault(const Domain& domain, std::span<const VaultId> candidates,
                     std::string_view wanted_dns, VaultId last_vault) {
  MUSTER_ASSERT(!candidates.empty());
  const auto find = [&](auto matches) {
    const auto found = std::ranges::find_if(candidates, [&](VaultId id) {
      const Vault* vault = domain.find_vault(id);
      return vault != nullptr && matches(vault->dns);
    });
    return found == candidates.end() ? VaultId{} : *found;
  };
  // Exactly first: vaults of one host may differ by port only.
  const auto same_text = [&](std::string_view dns) {
    return equals_ignoring_case(dns, wanted_dns);
  };
  const auto same_dns = [&](std::string_view dns) { return is_same_dns(dns, wanted_dns); };
  if (!wanted_dns.empty()) {
    if (const VaultId vault = find(same_text)) return vault;
    if (const VaultId vault = find(same_dns)) return vault;
  }
  if (std::ranges::find(candidates, last_vault) != candidates.end()) return last_vault;
  return candidates.front();
}

bool may_enter(const Domain& domain, const User& user, VaultId vault_id) {
  const Vault* vault = domain.find_vault(vault_id);
  return user.domain_active && vault != nullptr && vault->active &&
         (user.is_domain_admin || is_active_member(user, vault_id));
}

}  // namespace muster::directory
