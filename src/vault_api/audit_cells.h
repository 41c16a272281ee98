// Rows of the audit trails as texts, one a field of audit_fields.h (protocol 5.6).
// Pure functions, safe from any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "codec/csv_writer.h"
#include "directory/audit.h"
#include "vault_api/audit_fields.h"

namespace muster::vault_api {

// Of kDomainTrail. The values of several changes are JSON objects by field.
[[nodiscard]] std::vector<std::string> cells_of(const directory::DomainAuditRow& row);
// Of kLoginTrail.
[[nodiscard]] std::vector<std::string> cells_of(const directory::LoginAuditRow& row);

[[nodiscard]] std::string csv_header(const Trail& trail);

template <typename Row>
[[nodiscard]] std::string csv_rows(const std::vector<Row>& rows) {
  codec::CsvWriter csv;
  for (const Row& row : rows) {
    for (const std::string& cell : cells_of(row)) csv.cell(cell);
    csv.end_record();
  }
  return csv.take();
}

}  // namespace muster::vault_api
