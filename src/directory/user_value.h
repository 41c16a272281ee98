// The values of a user by field, for who compares many users by fields chosen at run time: queries
// and sorted lists. Nothing is built, so a million users can be walked.
//
// Pure functions, safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "directory/field.h"
#include "directory/ids.h"
#include "directory/user.h"

namespace muster::directory {

// Any field that is_text() is not true of and that has one value: ids as they are, flags as 0 or 1,
// dates in milliseconds since 1970, the license as LicenseType, the profile as ProfileIndex.
// nullopt: not set. active__v, license_type__v and security_profile__v are those of the membership
// of `vault`.
[[nodiscard]] std::optional<std::int64_t> number_of(const User& user, FieldId field, VaultId vault);

// As std::strcmp() does, ASCII case ignored: the order of texts in lists and comparisons.
[[nodiscard]] int compare_ignoring_case(std::string_view a, std::string_view b);

}  // namespace muster::directory
