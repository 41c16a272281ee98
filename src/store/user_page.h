// One page out of many users: filter, order and cut as UserQuery says (protocol 3.2).
// Pure functions, safe from any thread.
#pragma once

#include <cstddef>
#include <vector>

#include "directory/store.h"

namespace muster::store {

// Positions [begin, end) of the page within `total` users; empty beyond the end.
struct PageRange {
  std::size_t begin;
  std::size_t end;
};
[[nodiscard]] PageRange page_range(const directory::UserQuery& query, std::size_t total);

// Does the user belong to the list at all?
[[nodiscard]] bool matches(const directory::User& user, const directory::UserQuery& query);

// The page of `matching`, which comes in ascending order of ids. Texts are compared without
// regard to ASCII case, a value that is not set is the smallest. Sorts no more than the page.
[[nodiscard]] directory::UserPage make_page(std::vector<const directory::UserPtr*> matching,
                                            const directory::UserQuery& query,
                                            const directory::Domain& domain);

}  // namespace muster::store
