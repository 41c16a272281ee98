// Audit queries of the embedded store: over the journal's public records and the login table,
// on a connection of its own, so that neither commits nor other readers wait for it.
//
// Thread-safe (queries take turns).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "store/audit_source.h"
#include "store/changes.h"
#include "store/embedded/database.h"

namespace muster::store {

class JournalReplay;

class AuditReader final : public AuditSource {
 public:
  explicit AuditReader(Database database);
  ~AuditReader() override;

  Result<directory::AuditPage<directory::DomainAuditRow>> domain_audit(
      const directory::AuditQuery& query) override;
  Result<directory::AuditPage<directory::LoginAuditRow>> login_audit(
      const directory::AuditQuery& query) override;

  [[nodiscard]] Database& database() { return database_; }

 private:
  Result<std::int64_t> total(std::string_view sql, const directory::AuditQuery& query);
  Result<std::vector<directory::DomainAuditRow>> load(Sequence sequence);

  std::mutex mutex_;
  Database database_;
  std::unique_ptr<JournalReplay> replay_;
};

}  // namespace muster::store
