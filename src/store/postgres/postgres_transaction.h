// The Transaction of PostgresStore::write(). Users are written at once, so that a name somebody
// else has taken shows here; everything else is lined up and travels with the next question or with
// commit(), which adds the audit rows. One round trip begins it, one ends it.
//
// The rows that every transaction of a domain counts with (counter) are locked last of all, for the
// time of the commit only.
//
// For one thread; all that it is given outlives it.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "directory/group_diff.h"
#include "store/postgres/answering.h"
#include "store/postgres/id_blocks.h"

namespace muster::store {

class PostgresTransaction final : public Answering<directory::Transaction> {
 public:
  PostgresTransaction(Queries& queries, IdBlocks& ids, const directory::Actor& actor)
      : Answering(queries), ids_(ids), actor_(actor), first_domain_(queries.domain()) {}

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

  // Whether commit() would write anything.
  [[nodiscard]] bool has_written() const { return has_written_; }
  // The race that a closure met, though it went on.
  [[nodiscard]] const std::optional<Error>& broken() const { return broken_; }
  [[nodiscard]] bool has_new_domain() const { return queries_.domain() != first_domain_; }

  // Writes audit rows, logins, the batch and `token`, and commits. Lost: nobody knows.
  [[nodiscard]] Answer<void> commit(const std::string& token);

 private:
  void send(const std::string& sql, const Parameters& parameters);
  Result<void> finish_users();
  void send_users(const std::vector<directory::UserChange>& changes);
  void send_memberships(const std::vector<directory::UserChange>& changes);
  void record(directory::UserChange change);
  void send_audit();
  void send_logins();
  void send_batch();

  IdBlocks& ids_;
  const directory::Actor& actor_;
  const directory::DomainPtr first_domain_;
  // Every changed user once, in the order of the first write: before the transaction and now.
  std::vector<directory::UserChange> users_;
  std::unordered_map<directory::UserId, std::size_t> places_;
  std::vector<directory::GroupDifference> groups_;
  std::vector<directory::LoginAuditRow> logins_;
  std::optional<directory::Batch> batch_;
  std::optional<Error> broken_;
  bool has_written_ = false;
};

}  // namespace muster::store
