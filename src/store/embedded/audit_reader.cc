#include "store/embedded/audit_reader.h"

#include <algorithm>
#include <ranges>
#include <string>
#include <utility>

#include "store/embedded/call_log.h"
#include "store/embedded/journal_replay.h"
#include "store/embedded/login_text.h"
#include "store/embedded/row_text.h"

namespace muster::store {
namespace {

using directory::AuditPage;
using directory::AuditQuery;
using directory::DomainAuditRow;
using directory::LoginAuditRow;

void bind_period(Statement& statement, const AuditQuery& query) {
  statement.bind(1, milliseconds(query.from));
  statement.bind(2, milliseconds(query.to));
}

}  // namespace

AuditReader::AuditReader(Database trail, Database calls)
    : trail_(std::move(trail)),
      replay_(std::make_unique<JournalReplay>()),
      calls_(std::move(calls)) {}

AuditReader::~AuditReader() = default;

Result<std::int64_t> AuditReader::total(std::string_view sql, const AuditQuery& query) {
  auto count = trail_.prepare(sql);
  if (!count) return std::unexpected(count.error());
  bind_period(*count, query);
  const Result<bool> row = count->step();
  if (!row) return std::unexpected(row.error());
  return count->integer(0);
}

Result<AuditPage<DomainAuditRow>> AuditReader::domain_audit(const AuditQuery& query) {
  const std::lock_guard lock(trail_mutex_);
  if (query.item) return audit_of_item(query);
  AuditPage<DomainAuditRow> page;
  const auto rows = total(
      "SELECT coalesce(sum(domain_rows), 0) FROM journal "
      "WHERE domain_rows > 0 AND at BETWEEN ?1 AND ?2",
      query);
  if (!rows) return std::unexpected(rows.error());
  page.total = *rows;

  // The index alone says which records hold the page; only those are read.
  auto select = trail_.prepare(
      "SELECT seq, domain_rows FROM journal WHERE domain_rows > 0 AND at BETWEEN ?1 AND ?2 "
      "ORDER BY seq DESC");
  if (!select) return std::unexpected(select.error());
  bind_period(*select, query);
  std::int64_t skip = std::max<std::int64_t>(query.offset, 0);
  while (std::ssize(page.rows) < query.limit) {
    const Result<bool> found = select->step();
    if (!found) return std::unexpected(found.error());
    if (!*found) break;
    const std::int64_t count = select->integer(1);
    if (skip >= count) {
      skip -= count;
      continue;
    }
    auto batch = load(static_cast<Sequence>(select->integer(0)));
    if (!batch) return std::unexpected(batch.error());
    for (auto row = batch->rbegin() + std::exchange(skip, 0); row != batch->rend(); ++row) {
      if (std::ssize(page.rows) < query.limit) page.rows.push_back(std::move(*row));
    }
  }
  return page;
}

// Without an index by item, which would cost every batch hundreds of scattered writes: the texts of
// the period are searched for the user's id, and only those with it are taken apart.
Result<AuditPage<DomainAuditRow>> AuditReader::audit_of_item(const AuditQuery& query) {
  auto select = trail_.prepare(
      "SELECT seq FROM journal WHERE domain_rows > 0 AND at BETWEEN ?1 AND ?2 "
      "AND instr(record, ?3) > 0 ORDER BY seq DESC");
  if (!select) return std::unexpected(select.error());
  bind_period(*select, query);
  // As a user's entry begins (journal_record.h); a text that looks so costs a look, no more.
  const std::string entry = "[" + to_string(*query.item) + ",\"";
  select->bind(3, entry);
  AuditPage<DomainAuditRow> page;
  while (true) {
    const Result<bool> found = select->step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return page;
    auto batch = load(static_cast<Sequence>(select->integer(0)));
    if (!batch) return std::unexpected(batch.error());
    for (DomainAuditRow& row : *batch | std::views::reverse) {
      if (row.item_id != *query.item) continue;
      const std::int64_t place = page.total++ - query.offset;
      if (place >= 0 && place < query.limit) page.rows.push_back(std::move(row));
    }
  }
}

Result<std::vector<DomainAuditRow>> AuditReader::load(Sequence sequence) {
  auto select = trail_.prepare(
      "SELECT j.at, j.domain_rows, j.domain_first, j.record, j.secret, j.checksum, "
      "coalesce(previous.checksum, 0) FROM journal AS j LEFT JOIN journal AS previous "
      "ON previous.seq = j.seq - 1 WHERE j.seq = ?1");
  if (!select) return std::unexpected(select.error());
  select->bind(1, static_cast<std::int64_t>(sequence));
  const Result<bool> found = select->step();
  if (!found) return std::unexpected(found.error());
  const JournalRow row{.sequence = sequence,
                       .at = timestamp(select->integer(0)),
                       .domain_rows = select->integer(1),
                       .domain_first = select->integer(2),
                       .record = select->text(3),
                       .secret = select->text(4)};
  if (journal_checksum(select->integer(6), row) != select->integer(5)) {
    return fail(ErrorType::kUnexpectedError,
                "The data file is damaged: journal row " + std::to_string(sequence) + ".");
  }
  return replay_->audit_rows(row);
}

Result<std::optional<directory::Batch>> AuditReader::find_batch(const std::string& id) {
  const std::lock_guard lock(calls_mutex_);
  return read_batch(calls_, id);
}

Result<directory::BatchPage> AuditReader::list_batches(const directory::BatchQuery& query) {
  const std::lock_guard lock(calls_mutex_);
  return read_batches(calls_, query);
}

Result<std::vector<DomainAuditRow>> AuditReader::audit_of_batch(const std::string& id) {
  const std::lock_guard lock(trail_mutex_);
  const auto sequence = read_sequence_of_batch(trail_, id);
  if (!sequence) return std::unexpected(sequence.error());
  if (!*sequence) return {};
  return load(**sequence);
}

Result<std::optional<directory::KeptAnswer>> AuditReader::find_answer(
    const directory::Digest& key) {
  const std::lock_guard lock(calls_mutex_);
  return read_answer(calls_, key);
}

Result<AuditPage<LoginAuditRow>> AuditReader::login_audit(const AuditQuery& query) {
  const std::lock_guard lock(trail_mutex_);
  AuditPage<LoginAuditRow> page;
  const auto rows = total("SELECT count(*) FROM login WHERE at BETWEEN ?1 AND ?2", query);
  if (!rows) return std::unexpected(rows.error());
  page.total = *rows;

  auto select =
      trail_.prepare("SELECT " + std::string(kLoginColumns) +
                     " FROM login WHERE at BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT ?3 OFFSET ?4");
  if (!select) return std::unexpected(select.error());
  bind_period(*select, query);
  select->bind(3, std::max<std::int64_t>(query.limit, 0));
  select->bind(4, std::max<std::int64_t>(query.offset, 0));
  while (true) {
    const Result<bool> found = select->step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return page;
    page.rows.push_back(read_login(*select, 0));
  }
}

}  // namespace muster::store
