// Changes of one user: Update Single User and Me (protocol 3.7), Disable User (3.8), Update Vault
// Membership (3.10). Handlers of the route table. All go through the plan and the judgement of the
// bulk update, with one record. Success means durable.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

[[nodiscard]] Result<Answer> update_user(const RequestContext& context);
[[nodiscard]] Result<Answer> update_me(const RequestContext& context);
[[nodiscard]] Result<Answer> disable_user(const RequestContext& context);
// Nobody disables the own account by that name.
[[nodiscard]] Result<Answer> refuse_disabling_me(const RequestContext& context);
[[nodiscard]] Result<Answer> put_vault_membership(const RequestContext& context);

// The user id of a path: kUserNotFound for a number that can be none, kInvalidData for other text.
[[nodiscard]] Result<directory::UserId> read_user_id(std::string_view text);

}  // namespace muster::vault_api
