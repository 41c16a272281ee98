// Delegation: acting for somebody else in one vault (protocol section 4.8). Grants come from the
// seed file.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// The vaults in which somebody lets the caller act, and for whom.
[[nodiscard]] Result<Answer> list_delegated_vaults(const RequestContext& context);
// Form vault_id, delegator_userid. kParameterRequired, kInvalidData; further as
// SessionService::log_in_as_delegate().
[[nodiscard]] Result<Answer> log_in_as_delegate(const RequestContext& context);

}  // namespace muster::vault_api
