// The domain of the session and the names of domains (protocol section 5.2).
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// With all its vaults, for Domain Admins; others get kInsufficientAccess.
[[nodiscard]] Result<Answer> retrieve_domain(const RequestContext& context);
// Name and type, for everybody.
[[nodiscard]] Result<Answer> list_domains(const RequestContext& context);

}  // namespace muster::vault_api
