// The users as a CSV file that PUT /objects/users takes as it is (protocol 7.5).
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// GET /objects/users where CSV is wanted. All users of the vaults chosen as for the list, without
// system accounts, ascending by id, or `limit` of them from `start` on. Streamed, each user as of
// some moment of the call. Errors: kInvalidData, kInsufficientAccess as for the list.
[[nodiscard]] Result<Answer> export_users(const RequestContext& context);

}  // namespace muster::vault_api
