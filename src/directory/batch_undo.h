// Taking a batch back (protocol 7.4): the old values of what it changed, as a plan of an update.
// Pure function, safe from any thread.
#pragma once

#include <span>

#include "directory/audit.h"
#include "directory/batch_plan.h"
#include "directory/caller.h"

namespace muster::directory {

// One record a row, each bound to the state in which the batch left its user. Users cannot be
// deleted, so a new one is disabled: in the domain when the caller may do that, else in the vaults
// that the batch gave him. What was judged well when it was written may be refused now: the plan's
// records have their errors then. REQUIRES: at most kBatchRecordsMax rows, no user twice.
[[nodiscard]] BatchPlan plan_undo(std::span<const DomainAuditRow> rows, const Caller& caller);

}  // namespace muster::directory
