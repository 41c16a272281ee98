// Reading users (protocol sections 3.2, 3.3). Handlers of the route table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// GET /objects/users. kInvalidData for a bad start, limit, sort or vaults parameter.
[[nodiscard]] Result<Answer> list_users(const RequestContext& context);

// GET /objects/users/{id}. kInvalidData for an id that is none, kUserNotFound.
[[nodiscard]] Result<Answer> retrieve_user(const RequestContext& context);

// GET /objects/users/me: the delegator in a delegated session.
[[nodiscard]] Result<Answer> retrieve_me(const RequestContext& context);

}  // namespace muster::vault_api
