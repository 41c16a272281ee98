// The bulk users calls: Update Multiple Users (protocol section 2), PUT /objects/users; Create and
// Upsert Multiple Users (3.5, 3.6), POST to the same path. Handlers of the route table.
#pragma once

#include "base/result.h"
#include "directory/batch_rules.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// kInsufficientAccess for callers who may change nobody: a gigabyte need not be read for that
// answer.
[[nodiscard]] Result<void> admit_write_users(const RequestContext& context);

// What the records ask for. kInvalidData: operation=upsert, which is a POST.
[[nodiscard]] Result<directory::BatchRules> update_rules(const RequestContext& context);
// By `operation`, `idParam` and `domain`. kParameterRequired: one of the first two without the
// other; kInvalidData: another value than the documented ones.
[[nodiscard]] Result<directory::BatchRules> create_rules(const RequestContext& context);

// Applies the plan. Success means durable. Errors of the whole request only; those of records are
// in the answer.
[[nodiscard]] Result<Answer> write_users(const RequestContext& context);

}  // namespace muster::vault_api
