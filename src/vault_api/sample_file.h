// GET /sample-files/vault-update-users-sample-csv-input.csv: a bulk update body to start from,
// made of the field catalogue so that it always fits the server that hands it out.
// Handler of the route table.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// Needs no session.
[[nodiscard]] Result<Answer> sample_update_file(const RequestContext& context);

}  // namespace muster::vault_api
