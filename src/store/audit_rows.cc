#include "store/audit_rows.h"

#include <string>
#include <string_view>
#include <utility>

#include "directory/audit_changes.h"

namespace muster::store {
namespace {

using directory::DomainAuditRow;

DomainAuditRow row_of(const directory::Actor& actor, std::string_view item) {
  return {.id = 0,
          .timestamp = actor.at,
          .user_name = actor.user_name,
          .full_name = actor.full_name,
          .on_behalf_of = actor.on_behalf_of,
          .action = actor.action,
          .item = std::string(item),
          .item_id = {},
          .is_new = false,
          .changes = {},
          .execution_id = actor.execution_id};
}

}  // namespace

std::vector<DomainAuditRow> audit_rows(const directory::Actor& actor,
                                       std::span<const directory::UserChange> users,
                                       std::span<const directory::GroupDifference> groups,
                                       const directory::Domain& domain) {
  std::vector<DomainAuditRow> rows;
  rows.reserve(users.size() + groups.size());
  for (const directory::UserChange& user : users) {
    auto changes = directory::audit_changes(user.before.get(), *user.after, domain);
    if (user.before && changes.empty() && !user.leaves_row) continue;
    rows.push_back(row_of(actor, user.after->user_name()));
    rows.back().item_id = user.after->id;
    rows.back().is_new = user.before == nullptr;
    rows.back().changes = std::move(changes);
  }
  for (const directory::GroupDifference& group : groups) {
    rows.push_back(row_of(actor, group.label));
    rows.back().changes = group.changes;
  }
  return rows;
}

}  // namespace muster::store
