// The Transaction of PostgresStore::write(). Users are written at once, so that a name somebody
// else has taken shows here; everything else is lined up and travels with the next question or with
// commit(), which adds the audit rows. One round trip begins it, one ends it.
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
#include "store/postgres/trail_numbers.h"

namespace muster::store {

class PostgresTransaction final : public Answering<directory::Transaction> {
 public:
  PostgresTransaction(Queries& queries, IdBlocks& ids, TrailNumbers& numbers,
                      const directory::Actor& actor)
      : Answering(queries),
        ids_(ids),
        numbers_(numbers),
        actor_(actor),
        first_domain_(queries.domain()) {}

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

  // Whether a commit() that was lost leaves anything to find out.
  [[nodiscard]] bool may_be_committed() const { return has_written_ && is_commit_sent_; }
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
  // The rows are numbered from `before` + 1 on; so is what follows from the last one's number.
  std::int64_t send_audit(const std::vector<directory::DomainAuditRow>& rows, std::int64_t before);
  std::int64_t send_logins(std::int64_t before);
  void send_batch(std::int64_t before);

  IdBlocks& ids_;
  TrailNumbers& numbers_;
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
  bool is_commit_sent_ = false;
};

}  // namespace muster::store
