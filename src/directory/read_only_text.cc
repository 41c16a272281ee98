#include "directory/read_only_text.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "directory/ids.h"
#include "directory/user_diff.h"

namespace muster::directory {
namespace {

std::string join(const std::vector<VaultId>& vaults) {
  std::string text;
  for (const VaultId vault : vaults) {
    if (!text.empty()) text += ',';
    text += to_string(vault);
  }
  return text;
}

// "3003;4112", "[3003,4112]" and "[\"3003\"]" alike.
std::optional<std::string> canonical_vaults(std::string_view text, const Domain& domain) {
  constexpr std::string_view kDecoration = " \t\r\n[]\"";
  std::vector<VaultId> vaults;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(",;");
    std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);

    const std::size_t first = part.find_first_not_of(kDecoration);
    if (first == std::string_view::npos) continue;
    part = part.substr(first, part.find_last_not_of(kDecoration) - first + 1);
    const auto vault = parse_id<VaultId>(part);
    if (!vault || domain.find_vault(*vault) == nullptr) return std::nullopt;
    if (std::ranges::find(vaults, *vault) == vaults.end()) vaults.push_back(*vault);
  }
  std::ranges::sort(vaults);
  return join(vaults);
}

bool equals_vaults(const User& user, std::string_view text) {
  std::vector<VaultId> all;
  std::vector<VaultId> active;
  for (const Membership& membership : user.memberships) {
    all.push_back(membership.vault_id);
    if (membership.active) active.push_back(membership.vault_id);
  }
  return text == join(all) || text == join(active);
}

}  // namespace

std::optional<std::string> canonical_read_only(const Field& field, std::string_view text,
                                               const Domain& domain) {
  if (field.id == FieldId::kVaultId) return canonical_vaults(text, domain);
  if (field.kind == FieldKind::kDateTime) {
    const auto at = parse_date_time(text);
    return at ? std::optional(format_date_time(*at)) : std::nullopt;
  }
  const auto id = parse_id<UserId>(text);
  return id ? std::optional(to_string(*id)) : std::nullopt;
}

bool equals_read_only(const User& user, FieldId field, std::string_view text,
                      const Domain& domain) {
  if (field == FieldId::kVaultId) return equals_vaults(user, text);
  return text == field_text(user, field, domain);
}

}  // namespace muster::directory
