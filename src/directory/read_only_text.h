// Fields a client can read but not write come back in extract-edit-reload files; they are
// accepted when they say what is stored (protocol 2.7). Both sides are brought to one form.
// Pure functions, safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "directory/domain.h"
#include "directory/field.h"
#include "directory/user.h"

namespace muster::directory {

// The one form of a read-only value: ids as digits, date-times as the API writes them, lists of
// vaults (JSON array, or joined by ',' or ';') ascending and joined by ','. nullopt when no user
// of the domain can have this value.
[[nodiscard]] std::optional<std::string> canonical_read_only(const Field& field,
                                                             std::string_view text,
                                                             const Domain& domain);

// Whether the canonical `text` is what `user` has. For vault_id__v: all its vaults, or those
// in which it is active.
[[nodiscard]] bool equals_read_only(const User& user, FieldId field, std::string_view text,
                                    const Domain& domain);

}  // namespace muster::directory
