#include "store/memory/memory_store.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "store/audit_rows.h"
#include "store/image_reader.h"

namespace muster::store {
namespace {

using directory::AuditPage;
using directory::AuditQuery;
using directory::DomainAuditRow;
using directory::LoginAuditRow;

bool concerns(const DomainAuditRow& row, const AuditQuery& query) {
  return !query.item || row.item_id == *query.item;
}

bool concerns(const LoginAuditRow&, const AuditQuery&) { return true; }

template <typename Row>
AuditPage<Row> page_of(const std::vector<Row>& rows, const AuditQuery& query) {
  std::vector<const Row*> matching;
  for (const Row& row : rows) {
    const bool in_period = query.from <= row.timestamp && row.timestamp <= query.to;
    if (in_period && concerns(row, query)) matching.push_back(&row);
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
  for (DomainAuditRow& row :
       audit_rows(changes.actor, changes.users, changes.groups, *head_.domain)) {
    row.id = std::ssize(domain_rows_) + 1;
    domain_rows_.push_back(std::move(row));
  }
  for (const LoginAuditRow& login : changes.logins) {
    login_rows_.push_back(login);
    login_rows_.back().id = std::ssize(login_rows_);
  }
  remember(changes.calls);
}

void MemoryStore::remember(const CallLog& calls) {
  if (calls.batch) batches_.push_back(*calls.batch);
  if (calls.undone) {
    const auto undone = std::ranges::find(batches_, calls.undone->id, &directory::Batch::id);
    if (undone != batches_.end()) undone->undone_by = calls.undone->by;
  }
  if (calls.forget_until) {
    std::erase_if(answers_, [&](const auto& kept) { return kept.second.at < *calls.forget_until; });
  }
  if (calls.answer) answers_.insert_or_assign(calls.answer->key, *calls.answer);
}

Result<AuditPage<DomainAuditRow>> MemoryStore::domain_audit(const AuditQuery& query) {
  const std::lock_guard lock(audit_);
  return page_of(domain_rows_, query);
}

Result<AuditPage<LoginAuditRow>> MemoryStore::login_audit(const AuditQuery& query) {
  const std::lock_guard lock(audit_);
  return page_of(login_rows_, query);
}

Result<std::optional<directory::Batch>> MemoryStore::find_batch(const std::string& id) {
  const std::lock_guard lock(audit_);
  const auto found = std::ranges::find(batches_, id, &directory::Batch::id);
  if (found == batches_.end()) return std::nullopt;
  return *found;
}

Result<directory::BatchPage> MemoryStore::list_batches(const directory::BatchQuery& query) {
  const std::lock_guard lock(audit_);
  directory::BatchPage page;
  for (const directory::Batch& batch : batches_ | std::views::reverse) {
    if (query.vault && batch.vault_id != *query.vault) continue;
    const std::int64_t place = page.total++ - query.start;
    if (place >= 0 && place < query.limit) page.batches.push_back(batch);
  }
  return page;
}

Result<std::vector<DomainAuditRow>> MemoryStore::audit_of_batch(const std::string& id) {
  const std::lock_guard lock(audit_);
  std::vector<DomainAuditRow> rows;
  std::ranges::copy_if(domain_rows_, std::back_inserter(rows),
                       [&](const DomainAuditRow& row) { return row.execution_id == id; });
  return rows;
}

Result<std::optional<directory::KeptAnswer>> MemoryStore::find_answer(
    const directory::Digest& key) {
  const std::lock_guard lock(audit_);
  const auto found = answers_.find(key);
  if (found == answers_.end()) return std::nullopt;
  return found->second;
}

}  // namespace muster::store
