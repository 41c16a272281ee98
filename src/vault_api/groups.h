// Groups of users (protocol section 5.3): metadata, list, one, create, update, delete. Everybody
// may read them; see GroupService for who may change them, and for the errors.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

[[nodiscard]] Result<Answer> describe_group_fields(const RequestContext& context);
// includeImplied=true: with the members that security profiles bring in.
[[nodiscard]] Result<Answer> list_groups(const RequestContext& context);
[[nodiscard]] Result<Answer> retrieve_group(const RequestContext& context);
// Groups that a vault manages itself; there are none here. kInvalidData: limit or offset.
[[nodiscard]] Result<Answer> list_auto_groups(const RequestContext& context);
[[nodiscard]] Result<Answer> create_group(const RequestContext& context);
[[nodiscard]] Result<Answer> update_group(const RequestContext& context);
[[nodiscard]] Result<Answer> delete_group(const RequestContext& context);

}  // namespace muster::vault_api
