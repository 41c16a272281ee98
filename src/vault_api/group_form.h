// The form of a group's creation or update (protocol section 5.3): text in, GroupChange out.
// Pure function, safe from any thread.
#pragma once

#include <span>

#include "base/result.h"
#include "codec/form.h"
#include "directory/group_service.h"

namespace muster::vault_api {

// `members__v` is a comma list that replaces, or "add (1,2)" or "delete (1,2)"; other lists
// replace. An empty list empties; an empty flag says nothing. Characters outside XML 1.0 are
// removed from texts. kInvalidData names the field; kAttributeNotSupported for a field that is none
// or read-only.
[[nodiscard]] Result<directory::GroupChange> read_group_form(
    std::span<const codec::FormField> form);

}  // namespace muster::vault_api
