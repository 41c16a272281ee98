// A Store without a disk, for tests of what stands on the port: the same image and the same
// transactions as the embedded store, minus the journal. Gone with the object.
//
//   MemoryStore store;
//   UserService users(store, clock);
//
// Thread-safe. Closures must not call the store again.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "directory/store.h"
#include "store/audit_source.h"
#include "store/memory_image.h"
#include "store/overlay.h"

namespace muster::store {

class MemoryStore final : public directory::Store, private AuditSource {
 public:
  MemoryStore();

  Result<void> read(const std::function<Result<void>(directory::Reader&)>& work) override;
  Result<void> write(const directory::Actor& actor,
                     const std::function<Result<void>(directory::Transaction&)>& work) override;
  bool initialised() const override;
  Result<void> mark_initialised() override;
  bool failed() const override { return false; }

 private:
  Result<directory::AuditPage<directory::DomainAuditRow>> domain_audit(
      const directory::AuditQuery& query) override;
  Result<directory::AuditPage<directory::LoginAuditRow>> login_audit(
      const directory::AuditQuery& query) override;
  Result<std::optional<directory::Batch>> find_batch(const std::string& id) override;
  Result<directory::BatchPage> list_batches(const directory::BatchQuery& query) override;
  Result<std::vector<directory::DomainAuditRow>> audit_of_batch(const std::string& id) override;
  Result<std::optional<directory::KeptAnswer>> find_answer(const directory::Digest& key) override;
  void append_audit(const Changes& changes);
  void remember(const CallLog& calls);

  SharedImage shared_;
  mutable std::mutex apply_;
  Head head_;
  bool initialised_ = false;

  std::mutex audit_;
  std::vector<directory::DomainAuditRow> domain_rows_;
  std::vector<directory::LoginAuditRow> login_rows_;
  std::vector<directory::Batch> batches_;
  std::map<directory::Digest, directory::KeptAnswer> answers_;
};

}  // namespace muster::store
