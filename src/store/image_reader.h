// The Reader of Store::read(): a consistent view of the published image.
//
// One per closure, on its thread. It holds the image's shared lock from the first question about
// users, sessions or the domain to its end; a scan takes it piece by piece, and the audit trail
// needs no lock.
#pragma once

#include <mutex>
#include <shared_mutex>

#include "directory/store.h"
#include "store/audit_source.h"
#include "store/memory_image.h"

namespace muster::store {

class ImageReader final : public directory::Reader {
 public:
  ImageReader(const SharedImage& shared, AuditSource& audit);

  directory::DomainPtr domain() override;
  Result<std::vector<directory::UserPtr>> find_users(
      std::span<const directory::UserId> ids) override;
  Result<std::vector<directory::UserPtr>> find_users_by_name(
      std::span<const std::string> folded_names) override;
  Result<std::vector<directory::UserPtr>> find_users_by_federated_id(
      std::span<const std::string> federated_ids) override;
  Result<directory::UserPage> list_users(const directory::UserQuery& query) override;
  Result<std::vector<directory::UserPtr>> users_after(directory::UserId after,
                                                      std::size_t limit) override;
  Result<directory::UserPage> scan_users(const directory::UserScan& scan) override;
  Result<std::int64_t> count_users() override;
  Result<std::optional<directory::Session>> find_session(const directory::Digest& id_hash) override;
  Result<std::vector<directory::Session>> find_stale_sessions(Timestamp idle_since,
                                                              Timestamp created_before,
                                                              std::size_t limit) override;
  Result<std::optional<directory::Credential>> find_credential(directory::UserId id) override;
  Result<directory::AuditPage<directory::DomainAuditRow>> domain_audit(
      const directory::AuditQuery& query) override;
  Result<directory::AuditPage<directory::LoginAuditRow>> login_audit(
      const directory::AuditQuery& query) override;
  Result<std::optional<directory::Batch>> find_batch(const std::string& id) override;
  Result<directory::BatchPage> list_batches(const directory::BatchQuery& query) override;
  Result<std::vector<directory::DomainAuditRow>> audit_of_batch(const std::string& id) override;
  Result<std::optional<directory::KeptAnswer>> find_answer(const directory::Digest& key) override;

 private:
  const MemoryImage& image();

  const SharedImage& shared_;
  AuditSource& audit_;
  std::shared_lock<FairSharedMutex> lock_;
};

}  // namespace muster::store
