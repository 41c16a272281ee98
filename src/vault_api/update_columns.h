// The columns of a file that holds everything a bulk update can change: of the sample file and of
// the export (protocol 7.5). Pure function, safe from any thread.
#pragma once

#include <vector>

#include "directory/field.h"

namespace muster::vault_api {

// The id, the editable fields in the order of the catalogue but the security profile, which travels
// in the memberships, and the memberships.
[[nodiscard]] std::vector<const directory::Field*> update_columns();

}  // namespace muster::vault_api
