#include "store/user_page.h"

#include <algorithm>
#include <cstdint>

#include "store/user_order.h"

namespace muster::store {
namespace {

using directory::Domain;
using directory::FieldId;
using directory::User;
using directory::UserPtr;
using directory::UserQuery;

struct Entry {
  SortKey key;
  const UserPtr* user;
};

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
  for (const UserPtr* user : matching)
    entries.push_back({sort_key(**user, query.sort, query.session_vault, domain), user});

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
