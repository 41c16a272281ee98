// Where a Reader finds the audit trail, which is not part of the memory image.
// Thread-safe.
#pragma once

#include "base/result.h"
#include "directory/audit.h"

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
};

}  // namespace muster::store
