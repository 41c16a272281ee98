// The batches resource (protocol 7.4): bulk calls as they were, and taking one back. Handlers of
// the route table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// GET /muster/v1/batches: newest first, by pages (start, limit).
[[nodiscard]] Result<Answer> list_batches(const RequestContext& context);
// GET /muster/v1/batches/{id}. kInvalidData: none that the caller may see.
[[nodiscard]] Result<Answer> retrieve_batch(const RequestContext& context);
// POST /muster/v1/batches/{id}/undo: answers like a bulk update, one result for each user that the
// batch changed; takes the options of one. Errors: those above; kOperationNotAllowed (undone).
[[nodiscard]] Result<Answer> undo_batch(const RequestContext& context);

}  // namespace muster::vault_api
