// Create Single User (protocol 3.4): POST /objects/users with a form. The same path takes bulk
// bodies; the content type chooses. Handler of the route table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// A form creates one user, anything else is a bulk body (users_bulk.h).
[[nodiscard]] Result<Answer> create_users(const RequestContext& context);

}  // namespace muster::vault_api
