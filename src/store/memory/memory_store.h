// A Store without a disk, for tests of what stands on the port: the same image and the same
// transactions as the embedded store, minus the journal. Gone with the object.
//
//   MemoryStore store;
//   UserService users(store, clock);
//
// Thread-safe. Closures must not call the store again.
#pragma once

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
  void append_audit(const Changes& changes);

  SharedImage shared_;
  mutable std::mutex apply_;
  Head head_;
  bool initialised_ = false;

  std::mutex audit_;
  std::vector<directory::DomainAuditRow> domain_rows_;
  std::vector<directory::LoginAuditRow> login_rows_;
};

}  // namespace muster::store
