// Passwords: Change My Password (protocol 3.9) and Muster's own reset by an administrator (section
// 8 on 4.4). Handlers of the route table, for the password pool.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

[[nodiscard]] Result<Answer> change_my_password(const RequestContext& context);
// kInsufficientAccess for another id than the caller's.
[[nodiscard]] Result<Answer> change_password(const RequestContext& context);
[[nodiscard]] Result<Answer> reset_password(const RequestContext& context);

}  // namespace muster::vault_api
