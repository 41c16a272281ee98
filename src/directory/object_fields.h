// The fields of an object record user__sys: the same people as the users, under other names
// (protocol section 5.4). One table from which reading, writing, queries and metadata derive; the
// names appear in object_fields.cc only.
//
// Immutable data, safe from any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "directory/field.h"

namespace muster::directory {

struct ObjectField {
  std::string_view name;         // "title__sys"
  std::string_view label;        // "Title"
  std::string_view type;         // of the metadata answer: "String", "Picklist", ...
  std::optional<FieldId> means;  // the field of the user; none: first and last name, read-only
};

// In the order of answers.
[[nodiscard]] std::span<const ObjectField> object_fields();

// The values of status__v.
inline constexpr std::string_view kActiveStatus = "active__v";
inline constexpr std::string_view kInactiveStatus = "inactive__v";

}  // namespace muster::directory
