#include "store/memory/memory_store.h"

#include <algorithm>
#include <utility>

#include "directory/user_diff.h"
#include "store/audit_rows.h"
#include "store/image_reader.h"

namespace muster::store {
namespace {

using directory::AuditPage;
using directory::AuditQuery;
using directory::DomainAuditRow;
using directory::LoginAuditRow;

template <typename Row>
AuditPage<Row> page_of(const std::vector<Row>& rows, const AuditQuery& query) {
  std::vector<const Row*> matching;
  for (const Row& row : rows) {
    if (query.from <= row.timestamp && row.timestamp <= query.to) matching.push_back(&row);
  }
  std::ranges::reverse(matching);  // `rows` are in the order of the commits
  AuditPage<Row> page{{}, std::ssize(matching)};
  const std::int64_t begin = std::clamp<std::int64_t>(query.offset, 0, page.total);
  const std::int64_t count = std::clamp<std::int64_t>(query.limit, 0, page.total - begin);
  for (std::int64_t i = begin; i < begin + count; ++i) {
    page.rows.push_back(*matching[static_cast<std::size_t>(i)]);
  }
  return page;
}

DomainAuditRow audit_row(const directory::Actor& actor, const directory::UserChange& change,
                         const directory::Domain& domain) {
  DomainAuditRow row{.id = 0,
                     .timestamp = actor.at,
                     .user_name = actor.user_name,
                     .full_name = actor.full_name,
                     .on_behalf_of = actor.on_behalf_of,
                     .action = actor.action,
                     .item = std::string(change.after->user_name()),
                     .item_id = change.after->id,
                     .changes = {},
                     .execution_id = actor.execution_id};
  directory::diff_users(
      change.before.get(), *change.after, domain,
      [&](directory::FieldId field, std::string_view before, std::string_view after) {
        append_audit_changes(row.changes, field, before, after);
      });
  return row;
}

}  // namespace

MemoryStore::MemoryStore() : head_(Head::of(shared_.image, 0)) {}

Result<void> MemoryStore::read(const std::function<Result<void>(directory::Reader&)>& work) {
  ImageReader reader(shared_, *this);
  return work(reader);
}

Result<void> MemoryStore::write(const directory::Actor& actor,
                                const std::function<Result<void>(directory::Transaction&)>& work) {
  const std::lock_guard apply(apply_);
  Overlay transaction(shared_, head_, *this, actor);
  if (Result<void> done = transaction.run(work); !done) return done;
  Changes changes = transaction.take();
  head_.accept(changes);
  head_.pending = {};  // published at once
  append_audit(changes);
  const std::unique_lock publish(shared_.mutex);
  shared_.image.apply(changes);
  return {};
}

bool MemoryStore::initialised() const {
  const std::lock_guard apply(apply_);
  return initialised_;
}

Result<void> MemoryStore::mark_initialised() {
  const std::lock_guard apply(apply_);
  initialised_ = true;
  return {};
}

void MemoryStore::append_audit(const Changes& changes) {
  const std::lock_guard lock(audit_);
  for (const directory::UserChange& change : changes.users) {
    DomainAuditRow row = audit_row(changes.actor, change, *head_.domain);
    if (change.before && row.changes.empty() && !change.leaves_row) continue;
    row.id = std::ssize(domain_rows_) + 1;
    domain_rows_.push_back(std::move(row));
  }
  for (const LoginAuditRow& login : changes.logins) {
    login_rows_.push_back(login);
    login_rows_.back().id = std::ssize(login_rows_);
  }
}

Result<AuditPage<DomainAuditRow>> MemoryStore::domain_audit(const AuditQuery& query) {
  const std::lock_guard lock(audit_);
  return page_of(domain_rows_, query);
}

Result<AuditPage<LoginAuditRow>> MemoryStore::login_audit(const AuditQuery& query) {
  const std::lock_guard lock(audit_);
  return page_of(login_rows_, query);
}

}  // namespace muster::store
