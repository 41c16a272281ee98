#include "vault_api/audit_cells.h"

#include "base/time.h"
#include "codec/json_writer.h"

namespace muster::vault_api {
namespace {

using directory::DomainAuditRow;
using directory::LoginAuditRow;

using TextOfChange = std::string DomainAuditRow::Change::*;

// The value of the only change, or a JSON object of all of them by field. A new password is a
// change of no field.
std::string combined(const DomainAuditRow& row, TextOfChange text) {
  if (row.changes.empty()) return {};
  if (row.changes.size() == 1) return row.changes.front().*text;
  codec::JsonWriter json;
  json.begin_object();
  for (const auto& change : row.changes) json.member(change.field, change.*text);
  json.end_object();
  return json.take();
}

std::string field_names(const DomainAuditRow& row) {
  std::string names;
  for (const auto& change : row.changes) {
    if (!names.empty()) names += ',';
    names += change.field;
  }
  return names;
}

}  // namespace

std::vector<std::string> cells_of(const DomainAuditRow& row) {
  return {std::to_string(row.id),
          format_audit_time(row.timestamp),
          row.user_name,
          row.full_name,
          row.on_behalf_of,
          row.action,
          row.item,
          field_names(row),
          combined(row, &DomainAuditRow::Change::old_value),
          combined(row, &DomainAuditRow::Change::new_value),
          row.execution_id};
}

std::vector<std::string> cells_of(const LoginAuditRow& row) {
  return {std::to_string(row.id),
          format_audit_time(row.timestamp),
          row.user_name,
          row.full_name,
          row.source_ip,
          row.type,
          row.status,
          row.browser,
          row.platform};
}

std::string csv_header(const Trail& trail) {
  codec::CsvWriter csv;
  for (const TrailField& field : trail.fields) csv.cell(field.name);
  csv.end_record();
  return csv.take();
}

}  // namespace muster::vault_api
