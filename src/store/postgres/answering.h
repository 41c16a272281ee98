// The half of a Reader or Transaction that asks: every question goes to Queries.
//
//   class PostgresReader final : public Answering<directory::Reader> { using Answering::Answering;
//   };
#pragma once

#include "store/postgres/queries.h"

namespace muster::store {

template <typename Port>
class Answering : public Port {
 public:
  // `queries` has begun and outlives it.
  explicit Answering(Queries& queries) : queries_(queries) {}

  directory::DomainPtr domain() override { return queries_.domain(); }
  Result<std::vector<directory::UserPtr>> find_users(
      std::span<const directory::UserId> ids) override {
    return queries_.find_users(ids);
  }
  Result<std::vector<directory::UserPtr>> find_users_by_name(
      std::span<const std::string> folded_names) override {
    return queries_.find_users_by_name(folded_names);
  }
  Result<std::vector<directory::UserPtr>> find_users_by_federated_id(
      std::span<const std::string> federated_ids) override {
    return queries_.find_users_by_federated_id(federated_ids);
  }
  Result<directory::UserPage> list_users(const directory::UserQuery& query) override {
    return queries_.list_users(query);
  }
  Result<std::vector<directory::UserPtr>> users_after(directory::UserId after,
                                                      std::size_t limit) override {
    return queries_.users_after(after, limit);
  }
  Result<directory::UserPage> scan_users(const directory::UserScan& scan) override {
    return queries_.scan_users(scan);
  }
  Result<std::int64_t> count_users() override { return queries_.count_users(); }
  Result<std::optional<directory::Session>> find_session(
      const directory::Digest& id_hash) override {
    return queries_.find_session(id_hash);
  }
  Result<std::vector<directory::Session>> find_stale_sessions(Timestamp idle_since,
                                                              Timestamp created_before,
                                                              std::size_t limit) override {
    return queries_.find_stale_sessions(idle_since, created_before, limit);
  }
  Result<std::optional<directory::Credential>> find_credential(directory::UserId id) override {
    return queries_.find_credential(id);
  }
  Result<directory::AuditPage<directory::DomainAuditRow>> domain_audit(
      const directory::AuditQuery& query) override {
    return queries_.domain_audit(query);
  }
  Result<directory::AuditPage<directory::LoginAuditRow>> login_audit(
      const directory::AuditQuery& query) override {
    return queries_.login_audit(query);
  }
  Result<std::optional<directory::Batch>> find_batch(const std::string& id) override {
    return queries_.find_batch(id);
  }
  Result<directory::BatchPage> list_batches(const directory::BatchQuery& query) override {
    return queries_.list_batches(query);
  }
  Result<std::vector<directory::DomainAuditRow>> audit_of_batch(const std::string& id) override {
    return queries_.audit_of_batch(id);
  }
  Result<std::optional<directory::KeptAnswer>> find_answer(const directory::Digest& key) override {
    return queries_.find_answer(key);
  }

 protected:
  Queries& queries_;
};

class PostgresReader final : public Answering<directory::Reader> {
 public:
  using Answering::Answering;
};

}  // namespace muster::store
