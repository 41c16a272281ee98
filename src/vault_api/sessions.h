// Versions, login and sessions (protocol section 4). Handlers of the route table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// GET /api, GET /api/{version}: {"values":{"v7.0":"https://{host}/api/v7.0",...}}, oldest first.
[[nodiscard]] Result<Answer> list_versions(const RequestContext& context);

// POST /auth: username, password, vaultDNS as form or query parameters; the form wins. A failed
// login is an Answer of its own shape (4.2), not an error. Runs on the password pool.
[[nodiscard]] Result<Answer> log_in(const RequestContext& context);

// POST /keep-alive
[[nodiscard]] Result<Answer> keep_alive(const RequestContext& context);

// DELETE /session
[[nodiscard]] Result<Answer> end_session(const RequestContext& context);

}  // namespace muster::vault_api
