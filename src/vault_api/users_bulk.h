// Update Multiple Users (protocol section 2): PUT /objects/users. Handlers of the route table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// kInvalidData for operation=upsert, which is a POST. kInsufficientAccess for callers who may
// update nobody: a gigabyte need not be read for that answer.
[[nodiscard]] Result<void> admit_update_users(const RequestContext& context);

// Success means durable. Errors of the whole request only; those of records are in the answer.
[[nodiscard]] Result<Answer> update_users(const RequestContext& context);

}  // namespace muster::vault_api
