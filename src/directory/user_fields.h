// The field catalogue: one constexpr table from which metadata answers, validation,
// CSV headers, user objects and store columns derive. To add a user field, add a row.
//
//   const Field* field = find_field("user_title__v");
//   for (const Field& field : all_fields()) ...
//
// Immutable data, safe from any thread. Wire names of user fields appear in user_fields.cc only.
#pragma once

#include <span>
#include <string_view>

#include "directory/field.h"

namespace muster::directory {

// All kFieldCount rows, index = FieldId.
[[nodiscard]] std::span<const Field> all_fields();

// The rows of the metadata answer, in its order (all_fields() without the last three).
[[nodiscard]] std::span<const Field> metadata_fields();

[[nodiscard]] const Field& field(FieldId id);

// By wire name, ASCII case ignored; the aliases "security_profile" (the bulk documentation's
// spelling) and "vault_membership", "app_licensing", "domain_name__v" included.
// nullptr when unknown. O(1).
[[nodiscard]] const Field* find_field(std::string_view name);

// The text fields of a user, that is: everything User::text() can be asked for.
[[nodiscard]] std::span<const FieldId> text_fields();

// "file", "domain", "password__v": names of the documentation that no bulk update takes (2.7).
// A column of that name fails its records, not the whole request. ASCII case ignored.
[[nodiscard]] bool belongs_to_another_call(std::string_view name);

}  // namespace muster::directory
