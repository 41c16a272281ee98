// The questions of the port (directory::Reader) as statements on one connection, within the
// transaction that begin() opens there. PostgresReader and PostgresTransaction answer by it.
//
//   Queries queries(connection, domain_id, cache);
//   if (auto begun = queries.begin(Queries::kSnapshot); !begun) ...
//   queries.find_users(ids);
//
// Between kReadWrite and the end, whatever is found by its key stays locked (users in the order of
// their ids), so that what a closure judges is what it changes.
//
// Errors: kUnexpectedError to the closure; what the database said is kept in failure(), from which
// the store decides whether to run the closure again. For one thread; the connection outlives it.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "directory/store.h"
#include "store/postgres/connection.h"
#include "store/postgres/rows.h"
#include "store/postgres/user_sql.h"

namespace muster::store {

// The newest settings this process has read. Thread-safe.
class DomainCache {
 public:
  struct Entry {
    std::int64_t revision = -1;
    directory::DomainPtr domain;
  };
  [[nodiscard]] Entry get() const;
  void offer(const Entry& entry);

 private:
  mutable std::mutex mutex_;
  Entry newest_;
};

class Queries {
 public:
  static constexpr const char* kSnapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  static constexpr const char* kReadWrite = "BEGIN ISOLATION LEVEL READ COMMITTED";

  Queries(Connection& connection, std::int64_t domain_id, DomainCache& cache)
      : connection_(connection), domain_id_(domain_id), cache_(cache) {}

  // Opens the transaction and reads the settings, in one round trip. `alone`: nobody else can put
  // settings until it ends.
  [[nodiscard]] Answer<void> begin(const std::string& statement, bool alone = false);

  [[nodiscard]] const directory::DomainPtr& domain() const { return current_.domain; }
  [[nodiscard]] std::int64_t revision() const { return current_.revision; }
  // As put by this transaction: to be offered to the cache once it is durable.
  void set_domain(directory::DomainPtr domain) {
    current_ = {current_.revision + 1, std::move(domain)};
  }

  [[nodiscard]] Result<std::vector<directory::UserPtr>> find_users(
      std::span<const directory::UserId> ids);
  [[nodiscard]] Result<std::vector<directory::UserPtr>> find_users_by_name(
      std::span<const std::string> folded_names);
  [[nodiscard]] Result<std::vector<directory::UserPtr>> find_users_by_federated_id(
      std::span<const std::string> federated_ids);
  [[nodiscard]] Result<directory::UserPage> list_users(const directory::UserQuery& query);
  [[nodiscard]] Result<std::vector<directory::UserPtr>> users_after(directory::UserId after,
                                                                    std::size_t limit);
  [[nodiscard]] Result<directory::UserPage> scan_users(const directory::UserScan& scan);
  [[nodiscard]] Result<std::int64_t> count_users();
  [[nodiscard]] Result<std::optional<directory::Session>> find_session(
      const directory::Digest& id_hash);
  [[nodiscard]] Result<std::vector<directory::Session>> find_stale_sessions(
      Timestamp idle_since, Timestamp created_before, std::size_t limit);
  [[nodiscard]] Result<std::optional<directory::Credential>> find_credential(directory::UserId id);
  [[nodiscard]] Result<directory::AuditPage<directory::DomainAuditRow>> domain_audit(
      const directory::AuditQuery& query);
  [[nodiscard]] Result<directory::AuditPage<directory::LoginAuditRow>> login_audit(
      const directory::AuditQuery& query);
  [[nodiscard]] Result<std::optional<directory::Batch>> find_batch(const std::string& id);
  [[nodiscard]] Result<directory::BatchPage> list_batches(const directory::BatchQuery& query);
  [[nodiscard]] Result<std::vector<directory::DomainAuditRow>> audit_of_batch(
      const std::string& id);
  [[nodiscard]] Result<std::optional<directory::KeptAnswer>> find_answer(
      const directory::Digest& key);
  [[nodiscard]] bool has_found_answer() const { return has_found_answer_; }

  [[nodiscard]] Connection& connection() { return connection_; }
  // $1 of every statement.
  [[nodiscard]] Parameters parameters() const { return Parameters().integer(domain_id_); }
  // Asks, and keeps the failure.
  [[nodiscard]] Result<Rows> ask(const std::string& sql, const Parameters& parameters);
  [[nodiscard]] Result<std::int64_t> ask_number(const std::string& sql,
                                                const Parameters& parameters);
  [[nodiscard]] Result<void> finish();
  [[nodiscard]] const std::optional<DatabaseError>& failure() const { return failure_; }

 private:
  // nullopt: all users.
  using Vaults = std::optional<std::vector<directory::VaultId>>;

  std::unexpected<Error> failed(DatabaseError error);
  [[nodiscard]] Result<std::vector<directory::UserPtr>> find_by_text(
      std::span<const std::string> texts, const std::string& sql);
  [[nodiscard]] Result<directory::UserPage> list_by_id(const directory::UserQuery& query);
  template <typename Row, typename RowOf>
  [[nodiscard]] Result<directory::AuditPage<Row>> newest_rows(std::string_view columns,
                                                              const std::string& where,
                                                              Parameters parameters,
                                                              const directory::AuditQuery& query,
                                                              const RowOf& row_of);
  // A page of the members of `vaults`, whichever vault the scan means.
  [[nodiscard]] Result<directory::UserPage> find_page(const directory::UserScan& scan,
                                                      const Vaults& vaults);
  [[nodiscard]] Result<std::optional<directory::UserPage>> ask_page(const UserStatement& statement);
  // The members of `vaults`, by id.
  [[nodiscard]] Result<void> walk(const Vaults& vaults,
                                  const std::function<void(const directory::UserPtr&)>& visit);

  Connection& connection_;
  const std::int64_t domain_id_;
  DomainCache& cache_;
  DomainCache::Entry current_;
  std::string lock_;  // what a look-up by key ends with
  UserRows user_rows_;
  bool has_found_answer_ = false;
  std::optional<DatabaseError> failure_;
};

}  // namespace muster::store
