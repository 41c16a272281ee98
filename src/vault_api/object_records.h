// Users as object records user__sys (protocol section 5.4): the members of the session's vault
// under other names, written through the same reader, plan and judgement as the users calls.
// Handlers of the route table.
#pragma once

#include "base/result.h"
#include "directory/batch_rules.h"
#include "directory/user.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// The user of the path's {id}. kInvalidData: no member of the session's vault has that id.
[[nodiscard]] Result<directory::UserPtr> find_record(const RequestContext& context);

// GET /vobjects/user__sys/{id}. Errors: those of find_record().
[[nodiscard]] Result<Answer> retrieve_record(const RequestContext& context);

// PUT and POST /vobjects/user__sys, after the rules below. Success means durable. Errors of the
// whole request only; those of records are in the answer.
[[nodiscard]] Result<Answer> write_records(const RequestContext& context);

// By `idParam`: id (the default of an update), username__sys or federated_id__sys; a POST with it
// is an upsert, one without a create. kInvalidData: another field.
[[nodiscard]] Result<directory::BatchRules> update_record_rules(const RequestContext& context);
[[nodiscard]] Result<directory::BatchRules> create_record_rules(const RequestContext& context);

// DELETE /vobjects/user__sys, of one or many: kOperationNotAllowed, whoever asks.
[[nodiscard]] Result<Answer> refuse_record_deletion(const RequestContext& context);

// GET /metadata/vobjects/user__sys: the object and its fields.
[[nodiscard]] Result<Answer> describe_records(const RequestContext& context);

}  // namespace muster::vault_api
