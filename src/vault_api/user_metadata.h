// GET /metadata/objects/users: the field catalogue as clients read it (protocol section 3.1).
// Handler of the route table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// Any session may read it; security profiles are those of the caller's domain.
[[nodiscard]] Result<Answer> describe_user_fields(const RequestContext& context);

}  // namespace muster::vault_api
