// The order of users in lists (protocol 3.2, 5.5): texts without regard to ASCII case, a value that
// is not set is the smallest.
//
// Pure functions, safe from any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "directory/domain.h"
#include "directory/field.h"
#include "directory/user.h"

namespace muster::store {

// What a user is sorted by; a field uses one of the two. The text lives as long as the user and the
// domain.
struct SortKey {
  std::int64_t number = 0;
  std::string_view text;
};

// Membership fields are those of `vault`, license and profile by their names. The same for all
// users when the field has several values or none.
[[nodiscard]] SortKey sort_key(const directory::User& user, directory::FieldId field,
                               directory::VaultId vault, const directory::Domain& domain);

// Negative, zero or positive.
[[nodiscard]] int compare_keys(const SortKey& a, const SortKey& b);

}  // namespace muster::store
