// VQL: queries over users and their object records (protocol section 5.5). Handlers of the route
// table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// POST and GET /query: `q` in the form or in the URL. Sees the users of the session's vault.
// Another target than users and user__sys is a WARNING with an empty result. Errors:
// kParameterRequired without q, kIncorrectQuerySyntaxError, kAttributeNotSupported, kInvalidData.
[[nodiscard]] Result<Answer> run_query(const RequestContext& context);

// POST and GET /query/{query}: a page of a query that is too long for a link. kInvalidData when it
// is not known any more.
[[nodiscard]] Result<Answer> continue_query(const RequestContext& context);

}  // namespace muster::vault_api
