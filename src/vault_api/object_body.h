// The body of a call about one object: a form, a flat JSON object, alone or in an array, or one CSV
// record (protocol 3.7; clients send any of them). All end up as the same cells in
// RequestContext::cells. Held whole, so the route's limit keeps it small.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "vault_api/request_body.h"

namespace muster::vault_api {

// No content type and no body are an empty form. kInvalidData for another type.
[[nodiscard]] Result<std::unique_ptr<RequestBody>> open_object_body(const RequestContext& context);

// The fields of a form as cells: the word null is null (3.7), a form has no other way to say it.
[[nodiscard]] std::vector<ObjectCell> form_cells(std::span<const codec::FormField> form);

// Adds the cell to the record in work; blanks of a time zone are underscores, as the vendor's own
// example has them.
void put_cell(directory::BatchPlanBuilder& builder, const ObjectCell& cell);

}  // namespace muster::vault_api
