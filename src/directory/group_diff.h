// The difference of a domain's groups before and after, as the audit trail shows it (protocol 5.6).
// Pure, safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "directory/audit.h"
#include "directory/domain.h"

namespace muster::directory {

// A group that was made, changed or deleted.
struct GroupDifference {
  std::string label;  // after, or before when the group is gone
  std::vector<DomainAuditRow::Change> changes;
};

// In the order of `after`, then those that are gone. Of members__v only who was taken out (old) and
// who came in (new): lists of thousands that differ in one would say little.
[[nodiscard]] std::vector<GroupDifference> diff_groups(const std::vector<Group>& before,
                                                       const std::vector<Group>& after);

}  // namespace muster::directory
