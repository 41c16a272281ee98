// The password policies of the domain (protocol section 5.1), which come from the seed file:
// metadata, list, one.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

[[nodiscard]] Result<Answer> describe_security_policies(const RequestContext& context);
[[nodiscard]] Result<Answer> list_security_policies(const RequestContext& context);
// kInvalidData: no such policy.
[[nodiscard]] Result<Answer> retrieve_security_policy(const RequestContext& context);

}  // namespace muster::vault_api
