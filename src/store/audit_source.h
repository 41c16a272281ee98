// Where a Reader finds what is not part of the memory image: the audit trail, and what is
// remembered of bulk calls. The questions are those of directory::Reader.
// Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "directory/audit.h"
#include "directory/batch_log.h"

namespace muster::store {

class AuditSource {
 public:
  virtual ~AuditSource() = default;
  // Durable rows, newest first: the last commit before the earlier ones, whatever the clock
  // said. Errors: kUnexpectedError.
  [[nodiscard]] virtual Result<directory::AuditPage<directory::DomainAuditRow>> domain_audit(
      const directory::AuditQuery& query) = 0;
  [[nodiscard]] virtual Result<directory::AuditPage<directory::LoginAuditRow>> login_audit(
      const directory::AuditQuery& query) = 0;
  [[nodiscard]] virtual Result<std::optional<directory::Batch>> find_batch(
      const std::string& id) = 0;
  [[nodiscard]] virtual Result<directory::BatchPage> list_batches(
      const directory::BatchQuery& query) = 0;
  [[nodiscard]] virtual Result<std::vector<directory::DomainAuditRow>> audit_of_batch(
      const std::string& id) = 0;
  [[nodiscard]] virtual Result<std::optional<directory::KeptAnswer>> find_answer(
      const directory::Digest& key) = 0;
};

}  // namespace muster::store
