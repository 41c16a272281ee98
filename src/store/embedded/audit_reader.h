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
  // Two connections: a walk over a long trail holds up nobody who sends a batch with a key.
  AuditReader(Database trail, Database calls);
  ~AuditReader() override;

  Result<directory::AuditPage<directory::DomainAuditRow>> domain_audit(
      const directory::AuditQuery& query) override;
  Result<directory::AuditPage<directory::LoginAuditRow>> login_audit(
      const directory::AuditQuery& query) override;
  Result<std::optional<directory::Batch>> find_batch(const std::string& id) override;
  Result<directory::BatchPage> list_batches(const directory::BatchQuery& query) override;
  Result<std::vector<directory::DomainAuditRow>> audit_of_batch(const std::string& id) override;
  Result<std::optional<directory::KeptAnswer>> find_answer(const directory::Digest& key) override;

  [[nodiscard]] Database& trail() { return trail_; }
  [[nodiscard]] Database& calls() { return calls_; }

 private:
  Result<directory::AuditPage<directory::DomainAuditRow>> audit_of_item(
      const directory::AuditQuery& query);
  Result<std::int64_t> total(std::string_view sql, const directory::AuditQuery& query);
  Result<std::vector<directory::DomainAuditRow>> load(Sequence sequence);

  std::mutex trail_mutex_;
  Database trail_;
  std::unique_ptr<JournalReplay> replay_;
  std::mutex calls_mutex_;
  Database calls_;
};

}  // namespace muster::store
