// What a row of the domain audit trail says of a user's change (protocol 5.6): one entry a changed
// field, and one for each part of a membership: "vault_membership[3003].active__v".
// Pure functions, safe from any thread.
#pragma once

#include <string_view>
#include <vector>

#include "directory/audit.h"
#include "directory/domain.h"
#include "directory/field.h"
#include "directory/user.h"

namespace muster::directory {

using AuditChanges = std::vector<DomainAuditRow::Change>;

// Appends what the trail shows of one changed field, given its texts as in user_diff.h.
void append_audit_changes(AuditChanges& changes, FieldId field, std::string_view before,
                          std::string_view after);

// All of it. `before` is null for a new user.
[[nodiscard]] AuditChanges audit_changes(const User* before, const User& after,
                                         const Domain& domain);

}  // namespace muster::directory
