#include "store/user_page.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace muster::store {
namespace {

using directory::Domain;
using directory::FieldId;
using directory::Membership;
using directory::User;
using directory::UserPtr;
using directory::UserQuery;

// What a user is sorted by; a field uses one of the two.
struct SortKey {
  std::int64_t number = 0;
  std::string_view text;
};

struct Entry {
  SortKey key;
  const UserPtr* user;
};

std::int64_t milliseconds(Timestamp at) { return at.time_since_epoch().count(); }

SortKey membership_key(const Membership* membership, FieldId field, const Domain& domain) {
  if (membership == nullptr) return {field == FieldId::kActive ? -1 : 0, {}};
  switch (field) {
    case FieldId::kActive:
      return {membership->active ? 1 : 0, {}};
    case FieldId::kLicenseType:
      return {0, directory::license_name(membership->license)};
    default:
      return {0, domain.profile_name(membership->profile)};
  }
}

SortKey sort_key(const User& user, const UserQuery& query, const Domain& domain) {
  switch (query.sort) {
    case FieldId::kIsDomainAdmin:
      return {user.is_domain_admin ? 1 : 0, {}};
    case FieldId::kDomainActive:
      return {user.domain_active ? 1 : 0, {}};
    case FieldId::kNeedsToChangePassword:
      return {user.needs_to_change_password ? 1 : 0, {}};
    case FieldId::kSecurityPolicyId:
      return {user.security_policy_id.value, {}};
    case FieldId::kCreatedDate:
      return {milliseconds(user.created_date), {}};
    case FieldId::kCreatedBy:
      return {user.created_by.value, {}};
    case FieldId::kModifiedDate:
      return {milliseconds(user.modified_date), {}};
    case FieldId::kModifiedBy:
      return {user.modified_by.value, {}};
    case FieldId::kDomainId:
      return {user.domain_id.value, {}};
    case FieldId::kLastLogin:
      return {user.last_login ? milliseconds(*user.last_login) : INT64_MIN, {}};
    case FieldId::kActive:
    case FieldId::kLicenseType:
    case FieldId::kSecurityProfile:
      return membership_key(user.membership(query.session_vault), query.sort, domain);
    case FieldId::kId:
    case FieldId::kVaultId:
    case FieldId::kGroupId:
    case FieldId::kDomainName:
    case FieldId::kVaultMembership:
    case FieldId::kAppLicensing:
      return {};  // the same for all, or not sortable: the order of ids decides
    default:
      return {0, user.text(query.sort)};
  }
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int compare_texts(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const auto left = static_cast<unsigned char>(lower(a[i]));
    const auto right = static_cast<unsigned char>(lower(b[i]));
    if (left != right) return left < right ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

int compare_keys(const SortKey& a, const SortKey& b) {
  if (a.number != b.number) return a.number < b.number ? -1 : 1;
  return compare_texts(a.text, b.text);
}

}  // namespace

PageRange page_range(const UserQuery& query, std::size_t total) {
  const auto size = static_cast<std::int64_t>(total);
  const std::int64_t begin = std::clamp<std::int64_t>(query.start, 0, size);
  const std::int64_t end = begin + std::clamp<std::int64_t>(query.limit, 0, size - begin);
  return {static_cast<std::size_t>(begin), static_cast<std::size_t>(end)};
}

bool matches(const User& user, const UserQuery& query) {
  if (!query.vaults) return true;
  return std::ranges::any_of(
      *query.vaults, [&](directory::VaultId vault) { return user.membership(vault) != nullptr; });
}

directory::UserPage make_page(std::vector<const UserPtr*> matching, const UserQuery& query,
                              const Domain& domain) {
  const PageRange range = page_range(query, matching.size());
  directory::UserPage page{{}, std::ssize(matching)};
  if (range.begin == range.end) return page;
  if (query.sort == FieldId::kId) {  // in order already
    if (query.descending) std::ranges::reverse(matching);
    for (std::size_t i = range.begin; i < range.end; ++i) page.users.push_back(*matching[i]);
    return page;
  }

  std::vector<Entry> entries;
  entries.reserve(matching.size());
  for (const UserPtr* user : matching) entries.push_back({sort_key(**user, query, domain), user});

  const auto precedes = [&](const Entry& a, const Entry& b) {
    const int order = compare_keys(a.key, b.key);
    if (order != 0) return query.descending ? order > 0 : order < 0;
    return (*a.user)->id < (*b.user)->id;
  };
  const auto first = entries.begin() + static_cast<std::ptrdiff_t>(range.begin);
  const auto last = entries.begin() + static_cast<std::ptrdiff_t>(range.end);
  if (first != entries.begin()) std::nth_element(entries.begin(), first, entries.end(), precedes);
  std::partial_sort(first, last, entries.end(), precedes);
  for (auto entry = first; entry != last; ++entry) page.users.push_back(*entry->user);
  return page;
}

}  // namespace muster::store
