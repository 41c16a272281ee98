// The Transaction of Store::write(): the closure's own writes on top of those that wait for the
// disk (Head) on top of the published image. Reads go through all three.
//
//   Overlay transaction(shared, head, audit, actor);
//   if (auto done = transaction.run(work); !done) return done;   // nothing happened
//   Changes changes = transaction.take(sequence);
//   head.accept(changes);
//
// Thread rule: Head and Overlay are used under the store's one apply lock. The image may be
// published to meanwhile: whatever is published then lies in Head too, so answers do not change.
#pragma once

#include <functional>
#include <shared_mutex>
#include <utility>

#include "directory/store.h"
#include "store/audit_source.h"
#include "store/changes.h"
#include "store/memory_image.h"

namespace muster::store {

// The newest accepted state, as far as it differs from the image.
struct Head {
  Layer pending;
  Sequence sequence = 0;  // of the newest accepted transaction
  directory::DomainPtr domain;
  std::int64_t users = 0;
  std::int64_t active_domain_admins = 0;
  directory::UserId next_user_id;      // smallest id never given, not even to a failed closure
  directory::UserId recorded_user_id;  // next_user_id as the newest transaction recorded it

  // The head of an image on which nothing is pending.
  static Head of(const MemoryImage& image, Sequence sequence);
  // Lays a finished transaction on top.
  void accept(const Changes& changes);
};

class Overlay final : public directory::Transaction {
 public:
  // All of them outlive it.
  Overlay(const SharedImage& shared, Head& head, AuditSource& audit, const directory::Actor& actor);

  // Runs the closure. Its errors, and kRaceCondition when it broke uniqueness and went on.
  [[nodiscard]] Result<void> run(const std::function<Result<void>(directory::Transaction&)>& work);
  // What the closure wrote.
  [[nodiscard]] Changes take() { return std::move(own_); }

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

  Result<std::int64_t> count_active_domain_admins() override;
  Result<std::vector<directory::UserId>> allocate_user_ids(std::size_t count) override;
  Result<void> put_users(std::vector<directory::UserChange> changes) override;
  Result<void> put_domain(directory::Domain domain) override;
  Result<void> put_session(const directory::Session& session) override;
  Result<void> end_session(const directory::Digest& id_hash) override;
  Result<void> end_sessions_of(directory::UserId id,
                               std::optional<directory::Digest> except) override;
  Result<void> put_credential(directory::UserId id,
                              const directory::Credential& credential) override;
  Result<void> set_last_login(directory::UserId id, Timestamp at) override;
  Result<void> append_login(const directory::LoginAuditRow& row) override;
  Result<void> put_batch(const directory::Batch& batch) override;
  Result<void> mark_undone(const std::string& id, const std::string& by) override;
  Result<void> keep_answer(const directory::KeptAnswer& answer) override;
  Result<void> forget_answers(Timestamp until) override;

 private:
  // REQUIRES: the image's shared lock is held. The place is valid until the next write.
  [[nodiscard]] const directory::UserPtr* find_place(directory::UserId id) const;
  [[nodiscard]] directory::UserPtr find(directory::UserId id) const;
  // Newest state, in the order of ids. REQUIRES: the image's shared lock is held.
  [[nodiscard]] std::vector<directory::UserPtr> all_users() const;
  [[nodiscard]] directory::UserPtr find_by_name(const std::string& folded_name) const;
  [[nodiscard]] directory::UserPtr find_by_federated_id(const std::string& federated_id) const;
  [[nodiscard]] std::optional<directory::Session> session(const directory::Digest& id_hash) const;

  Result<void> race(std::string message);
  void release_keys(const directory::User& before, const directory::User& after);
  Result<void> claim_keys(const directory::UserPtr& before, const directory::User& after);
  void put(directory::UserChange change);

  const SharedImage& shared_;
  Head& head_;
  AuditSource& audit_;
  Changes own_;
  std::optional<Error> broken_;
};

}  // namespace muster::store
