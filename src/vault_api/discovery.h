// How a user logs in, told before the login (protocol section 4.7). Handlers of the route table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// POST /auth/discovery, parameter username in the form or the query: "password", or "sso" for users
// of a single sign-on policy. Unknown names answer "password". Errors: kParameterRequired.
[[nodiscard]] Result<Answer> discover_login(const RequestContext& context);

// POST /auth/oauth/session/{id}: not offered, kMethodNotSupported.
[[nodiscard]] Result<Answer> refuse_oauth(const RequestContext& context);

}  // namespace muster::vault_api
