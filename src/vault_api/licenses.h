// Retrieve Application License Usage (protocol 3.11). Handler of the route table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// Active memberships of the session's vault by license.
[[nodiscard]] Result<Answer> retrieve_licenses(const RequestContext& context);

}  // namespace muster::vault_api
