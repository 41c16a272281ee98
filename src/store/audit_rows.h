// The rows of the domain trail that one transaction leaves: one for each changed user, then one for
// each changed group. Without ids, which the store gives. Pure, safe from any thread.
#pragma once

#include <span>
#include <vector>

#include "directory/audit.h"
#include "directory/group_diff.h"
#include "directory/store.h"

namespace muster::store {

[[nodiscard]] std::vector<directory::DomainAuditRow> audit_rows(
    const directory::Actor& actor, std::span<const directory::UserChange> users,
    std::span<const directory::GroupDifference> groups, const directory::Domain& domain);

}  // namespace muster::store
