// Port: where the directory is kept. Implemented by store/embedded (memory image with a
// durable journal), store/memory (tests) and store/postgres. One conformance suite
// (src/store/conformance.h) runs on all of them.
//
//   Result<void> done = store.write(actor, [&](Transaction& tx) -> Result<void> {
//     auto users = tx.find_users(ids);
//     ...
//     return tx.put_users(changes);
//   });
//
// A batch is the unit: every call takes or gives many, so that 500 records are one commit
// and a few statements. Rights are not the store's business: services judge, the store keeps.
//
// Thread rule: Store is thread-safe; Reader and Transaction belong to the closure they were
// handed to. Closures may be run again (a distributed engine asks for a retry), so they touch
// nothing but their transaction and values they assign from scratch on each run.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/audit.h"
#include "directory/batch_log.h"
#include "directory/domain.h"
#include "directory/session.h"
#include "directory/shared_counts.h"
#include "directory/user.h"
#include "directory/user_filter.h"

namespace muster::directory {

struct UserQuery {
  // Members (active or not) of any of these vaults; nullopt: every user of the domain,
  // those without a membership included.
  std::optional<std::vector<VaultId>> vaults;
  FieldId sort = FieldId::kId;  // a queryable field; ties by id ascending
  bool descending = false;
  // Whose membership `active__v`, `license_type__v`, `security_profile__v` mean when sorted by.
  VaultId session_vault;
  std::int64_t start = 0;
  std::int64_t limit = 200;
};

struct UserPage {
  std::vector<UserPtr> users;
  std::int64_t total = 0;  // matching users, whatever start and limit
};

// A query over the members (active or not) of one vault (protocol 5.5).
struct UserScan {
  VaultId vault;  // also whose membership fields `filter` and `order` mean
  UserFilter filter;
  struct SortKey {
    FieldId field = FieldId::kId;  // not one of several values
    bool descending = false;
  };
  std::vector<SortKey> order;  // then by id ascending
  std::int64_t start = 0;
  std::int64_t limit = 200;
};

// One user before and after. `before` is null for a new user. REQUIRES: before is what the
// transaction's find_users() gave, after has the same id.
struct UserChange {
  UserPtr before;
  UserPtr after;
  // The audit trail has a row of it even when no audited field differs: what changed beside the
  // fields (a password) must not go unseen.
  bool leaves_row = false;
};

// A consistent view of what is durable (Reader) or of that plus the transaction's own
// writes (Transaction). Errors: kUnexpectedError when the engine fails.
class Reader {
 public:
  virtual ~Reader() = default;

  [[nodiscard]] virtual DomainPtr domain() = 0;

  // Answers have the length and order of the question; null where there is no such user.
  // In a Transaction the users found stay as they are until it ends (rows are locked in id order).
  [[nodiscard]] virtual Result<std::vector<UserPtr>> find_users(std::span<const UserId> ids) = 0;
  // By folded user name (fold_user_name).
  [[nodiscard]] virtual Result<std::vector<UserPtr>> find_users_by_name(
      std::span<const std::string> folded_names) = 0;
  [[nodiscard]] virtual Result<std::vector<UserPtr>> find_users_by_federated_id(
      std::span<const std::string> federated_ids) = 0;
  [[nodiscard]] virtual Result<UserPage> list_users(const UserQuery& query) = 0;
  // Users with an id above `after`, in their order, at most `limit`: to walk over all, in pieces.
  [[nodiscard]] virtual Result<std::vector<UserPtr>> users_after(UserId after,
                                                                 std::size_t limit) = 0;
  // A Reader's answer is not one moment's: each user is judged as of some moment of the call, so
  // that a walk over millions holds up nobody who writes. Texts are ordered as by list_users().
  // REQUIRES: in a Reader, the only question of its closure.
  [[nodiscard]] virtual Result<UserPage> scan_users(const UserScan& scan) = 0;
  [[nodiscard]] virtual Result<std::int64_t> count_users() = 0;

  [[nodiscard]] virtual Result<std::optional<Session>> find_session(const Digest& id_hash) = 0;
  // Sessions whose stored last activity is before `idle_since` or that were created before
  // `created_before`, longest idle first, at most `limit`: candidates of the expiry sweep.
  [[nodiscard]] virtual Result<std::vector<Session>> find_stale_sessions(Timestamp idle_since,
                                                                         Timestamp created_before,
                                                                         std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<Credential>> find_credential(UserId id) = 0;

  [[nodiscard]] virtual Result<AuditPage<DomainAuditRow>> domain_audit(const AuditQuery& query) = 0;
  [[nodiscard]] virtual Result<AuditPage<LoginAuditRow>> login_audit(const AuditQuery& query) = 0;

  // Bulk calls and kept answers, as put by transactions that are durable.
  [[nodiscard]] virtual Result<std::optional<Batch>> find_batch(const std::string& id) = 0;
  [[nodiscard]] virtual Result<BatchPage> list_batches(const BatchQuery& query) = 0;
  // What the batch changed: its rows of the domain trail, in the order of its records.
  [[nodiscard]] virtual Result<std::vector<DomainAuditRow>> audit_of_batch(
      const std::string& id) = 0;
  // In a Transaction, what is found under the key, or not, stays so until it ends.
  [[nodiscard]] virtual Result<std::optional<KeptAnswer>> find_answer(const Digest& key) = 0;
};

class Transaction : public Reader {
 public:
  // Accounts with the Domain Admin flag that are domain active. Until the transaction ends no
  // other one changes that number (it guards "a domain keeps at least one").
  [[nodiscard]] virtual Result<std::int64_t> count_active_domain_admins() = 0;

  // Fresh ids, ascending, never given before. Ids of a rolled-back transaction may be lost.
  [[nodiscard]] virtual Result<std::vector<UserId>> allocate_user_ids(std::size_t count) = 0;

  // Writes all of them together with their audit rows (see audit.h). REQUIRES: no id twice
  // within one transaction; user names and federated ids stay unique (the service judged it;
  // a store that finds otherwise answers kRaceCondition and rolls back).
  [[nodiscard]] virtual Result<void> put_users(std::vector<UserChange> changes) = 0;

  // Replaces the domain's settings (seed, groups).
  [[nodiscard]] virtual Result<void> put_domain(Domain domain) = 0;

  // Inserts or replaces.
  [[nodiscard]] virtual Result<void> put_session(const Session& session) = 0;
  [[nodiscard]] virtual Result<void> end_session(const Digest& id_hash) = 0;
  // All sessions of the user (as owner or delegate) but `except`.
  [[nodiscard]] virtual Result<void> end_sessions_of(UserId id, std::optional<Digest> except) = 0;

  [[nodiscard]] virtual Result<void> put_credential(UserId id, const Credential& credential) = 0;
  // Not a change of the user: no audit row of the domain trail, modified_date__v stays.
  [[nodiscard]] virtual Result<void> set_last_login(UserId id, Timestamp at) = 0;
  [[nodiscard]] virtual Result<void> append_login(const LoginAuditRow& row) = 0;

  // Remembers the call whose changes this transaction writes. At most one a transaction.
  [[nodiscard]] virtual Result<void> put_batch(const Batch& batch) = 0;
  // Batch `id` was taken back by batch `by`.
  [[nodiscard]] virtual Result<void> mark_undone(const std::string& id, const std::string& by) = 0;
  // Inserts or replaces. At most one a transaction.
  [[nodiscard]] virtual Result<void> keep_answer(const KeptAnswer& answer) = 0;
  // Those from before `until`.
  [[nodiscard]] virtual Result<void> forget_answers(Timestamp until) = 0;
};

class Store : public SharedCounts {
 public:
  // Sees everything whose write() returned before; never a half transaction. Never waits for a
  // disk of this machine.
  [[nodiscard]] virtual Result<void> read(const std::function<Result<void>(Reader&)>& work) = 0;

  // All or nothing: when `work` fails, nothing is written and its error is returned. Success
  // means durable: the change and its audit rows are on disk, and so is everything the closure
  // saw. Errors: those of `work`; kUnexpectedError once the store has failed (see failed()).
  [[nodiscard]] virtual Result<void> write(
      const Actor& actor, const std::function<Result<void>(Transaction&)>& work) = 0;

  // A store is filled (seed file, demo data) by ordinary writes and then marked. One that was
  // interrupted before is not initialised when it is opened again: it opens empty.
  [[nodiscard]] virtual bool initialised() const = 0;
  [[nodiscard]] virtual Result<void> mark_initialised() = 0;

  // True after an I/O error: the store takes no more writes and the process must end.
  [[nodiscard]] virtual bool failed() const = 0;
  // read() may wait, for another machine.
  [[nodiscard]] virtual bool may_wait() const { return false; }
  // False while a store on another machine cannot be reached: it may come back.
  [[nodiscard]] virtual bool available() const { return true; }
};

}  // namespace muster::directory
