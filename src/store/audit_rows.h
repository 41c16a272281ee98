// Rows of the domain audit trail out of the difference of two users (protocol 5.6).
// Pure functions, safe from any thread.
#pragma once

#include <string_view>
#include <vector>

#include "directory/audit.h"
#include "directory/field.h"

namespace muster::store {

using AuditChanges = std::vector<directory::DomainAuditRow::Change>;

// Appends what the trail shows of one changed field. The stored text of memberships becomes
// one change for each part that differs: "vault_membership[3003].active__v".
void append_audit_changes(AuditChanges& changes, directory::FieldId field, std::string_view before,
                          std::string_view after);

}  // namespace muster::store
