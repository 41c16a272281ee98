// The body of a call about one object: a form, or a flat JSON object (protocol 3.7; clients send
// either). Both end up as the same cells in RequestContext::cells. Held whole, so the route's limit
// keeps it small.
#pragma once

#include <memory>

#include "base/result.h"
#include "vault_api/request_body.h"

namespace muster::vault_api {

// No content type and no body are an empty form. kInvalidData for another type.
[[nodiscard]] Result<std::unique_ptr<RequestBody>> open_object_body(const RequestContext& context);

}  // namespace muster::vault_api
