// What a record would change, as a dry run tells it (protocol 7.1): [{"field":"user_title__v",
// "old":"Analyst","new":"Director"}]; values as in user objects (3.3), null for none.
// Pure functions, safe from any thread.
#pragma once

#include <span>
#include <string>

#include "codec/json_writer.h"
#include "directory/audit.h"

namespace muster::vault_api {

using RecordChanges = std::span<const directory::DomainAuditRow::Change>;

void write_changes(codec::JsonWriter& json, RecordChanges changes);
// The same as text, for a CSV cell.
[[nodiscard]] std::string changes_cell(RecordChanges changes);

}  // namespace muster::vault_api
