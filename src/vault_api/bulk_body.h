// A bulk body: CSV or JSON records as they arrive, planned by the directory's BatchPlanBuilder
// (protocol sections 1.3, 2.2 to 2.6). Memory is one chunk and the plan, whatever the body's
// size; nothing is applied here.
//
// feed() turns false with the first whole-request error: broken syntax, an unknown column,
// record 501. Used through RequestBody.
#pragma once

#include <memory>

#include "base/result.h"
#include "vault_api/request_body.h"

namespace muster::vault_api {

// The content type chooses the format; without one the first non-blank byte does. kInvalidData for
// any other type, naming the two accepted ones. REQUIRES: a route with a session.
[[nodiscard]] Result<std::unique_ptr<RequestBody>> open_bulk_body(const RequestContext& context);

}  // namespace muster::vault_api
