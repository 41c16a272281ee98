// Reading the audit trails (protocol section 5.6), newest rows first. Handlers of the route table.
//
// Parameters: start_date (default: start of yesterday) and end_date (default: now), both within the
// last 30 days, limit (1 to 1000), offset. With Accept: text/csv the page is CSV: a header line and
// one record a row, the last page being the one with fewer than `limit` rows.
#pragma once

#include "base/result.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// GET /audittrail/domain_audit_trail: one row per changed user and call. field_name names the
// changed field; when several changed, it lists them, and old_value and new_value are JSON
// objects by field. Errors: kInsufficientAccess unless Domain Admin; kInvalidData.
[[nodiscard]] Result<Answer> domain_audit_trail(const RequestContext& context);

// GET /audittrail/object_audit_trail and system_audit_trail: no call of this server writes them, so
// they are empty. Errors: kInsufficientAccess as below; kInvalidData.
[[nodiscard]] Result<Answer> object_audit_trail(const RequestContext& context);
[[nodiscard]] Result<Answer> system_audit_trail(const RequestContext& context);

// GET /vobjects/user__sys/{id}/audittrail: the rows of the domain trail about that user, fields
// under their names in object records. Takes time with the length of the period.
// Errors: kInsufficientAccess as below; kInvalidData, also for an unknown record.
[[nodiscard]] Result<Answer> record_audit_trail(const RequestContext& context);

// GET /audittrail/login_audit_trail. Errors: kInsufficientAccess unless the caller administers
// the session's vault; kInvalidData; kOperationInProgress while the same user reads it already.
[[nodiscard]] Result<Answer> login_audit_trail(const RequestContext& context);

}  // namespace muster::vault_api
