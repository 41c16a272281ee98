// What the audit trails hold, told to clients (protocol section 5.6). Handlers of the route table;
// everybody with a session may read them.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// GET /metadata/audittrail: the trails this server keeps.
[[nodiscard]] Result<Answer> list_audit_trails(const RequestContext& context);

// GET /metadata/audittrail/{trail}: its fields. Errors: kMalformedUrl for an unknown trail.
[[nodiscard]] Result<Answer> describe_audit_trail(const RequestContext& context);

}  // namespace muster::vault_api
