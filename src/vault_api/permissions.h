// Retrieve User Permissions (protocol 3.12): what a user may do with object records, by profile.
// Handlers of the route table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// Of the caller. `filter=name__v::{name}`; kInvalidFilter for anything else.
[[nodiscard]] Result<Answer> retrieve_my_permissions(const RequestContext& context);
// Of a user the caller may read.
[[nodiscard]] Result<Answer> retrieve_permissions(const RequestContext& context);

}  // namespace muster::vault_api
