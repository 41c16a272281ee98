#include "store/embedded/journal.h"

#include <utility>

#include "base/assert.h"
#include "store/embedded/audit_chain.h"
#include "store/embedded/journal_row.h"
#include "store/embedded/row_text.h"
#include "store/embedded/schema.h"

namespace muster::store {
namespace {

int note_wal_pages(void* wal_bytes, sqlite3*, const char*, int pages) {
  *static_cast<std::int64_t*>(wal_bytes) = std::int64_t{pages} * kPageBytes;
  return SQLITE_OK;
}

}  // namespace

JournalRow journal_row(const Commit& commit, std::int64_t domain_first) {
  return {.sequence = commit.changes.sequence,
          .at = commit.changes.actor.at,
          .domain_rows = commit.record.domain_rows,
          .domain_first = domain_first,
          .record = commit.record.record,
          .secret = commit.record.secret};
}

Result<Journal> Journal::open(Database database, const JournalEnd& end) {
  auto insert = database.prepare(
      "INSERT INTO journal(seq, at, domain_rows, domain_first, checksum, record, secret, chain) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  if (!insert) return std::unexpected(insert.error());
  auto insert_login = database.prepare(
      "INSERT INTO login(at, user_id, user_name, full_name, source_ip, type, status, browser, "
      "platform, seq, id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
  if (!insert_login) return std::unexpected(insert_login.error());
  auto calls = CallLogWriter::prepare(database);
  if (!calls) return std::unexpected(calls.error());
  return Journal(std::move(database), std::move(*insert), std::move(*insert_login),
                 std::move(*calls), end);
}

Journal::Journal(Database database, Statement insert, Statement insert_login, CallLogWriter calls,
                 const JournalEnd& end)
    : database_(std::move(database)),
      insert_(std::move(insert)),
      insert_login_(std::move(insert_login)),
      calls_(std::move(calls)),
      end_(end),
      wal_bytes_(std::make_unique<std::int64_t>(0)) {
  sqlite3_wal_hook(database_.handle(), note_wal_pages, wal_bytes_.get());
}

Result<void> Journal::append(const CommitGroup& group) {
  Result<DatabaseTransaction> transaction = DatabaseTransaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  JournalEnd end = end_;
  for (const std::shared_ptr<Commit>& commit : group) {
    if (Result<void> done = append_one(*commit, end); !done) return done;
  }
  if (Result<void> done = transaction->commit(); !done) return done;
  end_ = end;
  return {};
}

Result<void> Journal::append_copied(const JournalRecord& record, Timestamp at,
                                    std::int64_t domain_first,
                                    std::span<const directory::LoginAuditRow> logins) {
  const JournalRow row{.sequence = end_.sequence + 1,
                       .at = at,
                       .domain_rows = record.domain_rows,
                       .domain_first = domain_first == 0 ? end_.domain_next : domain_first,
                       .record = record.record,
                       .secret = record.secret};
  MUSTER_ASSERT(row.domain_first >= end_.domain_next);
  return append_row(row, content_digest(row, logins), logins, end_);
}

Result<void> Journal::append_one(const Commit& commit, JournalEnd& end) {
  const JournalRow row = journal_row(commit, end.domain_next);
  if (auto done = append_row(row, commit.content, commit.changes.logins, end); !done) return done;
  return calls_.append(commit.changes.calls, row.sequence);
}

Result<void> Journal::append_row(const JournalRow& row, const directory::Digest& content,
                                 std::span<const directory::LoginAuditRow> logins,
                                 JournalEnd& end) {
  MUSTER_ASSERT(row.sequence == end.sequence + 1);  // a gap would make the file unreadable
  end.checksum = journal_checksum(end.checksum, row);
  end.sequence = row.sequence;
  end.domain_next = row.domain_first + row.domain_rows;
  end.chain = chain_digest(end.chain, content, row.domain_first);
  const std::string chain = digest_text(end.chain);
  insert_.bind(1, static_cast<std::int64_t>(row.sequence));
  insert_.bind(2, milliseconds(row.at));
  insert_.bind(3, row.domain_rows);
  insert_.bind(4, row.domain_first);
  insert_.bind(5, end.checksum);
  insert_.bind(6, row.record);
  if (row.secret.empty()) {
    insert_.bind_null(7);
  } else {
    insert_.bind(7, row.secret);
  }
  insert_.bind(8, chain);
  appended_bytes_ += std::ssize(row.record) + std::ssize(row.secret);
  if (Result<void> done = insert_.run(); !done) return done;
  for (const directory::LoginAuditRow& login : logins) {
    if (Result<void> done = append_login(login, row.sequence); !done) return done;
  }
  return {};
}

Result<void> Journal::append_login(const directory::LoginAuditRow& row, Sequence sequence) {
  insert_login_.bind(1, milliseconds(row.timestamp));
  insert_login_.bind(2, row.user_id.value);
  int index = 3;
  for (const std::string* text : {&row.user_name, &row.full_name, &row.source_ip, &row.type,
                                  &row.status, &row.browser, &row.platform}) {
    insert_login_.bind(index++, *text);
  }
  insert_login_.bind(index++, static_cast<std::int64_t>(sequence));
  if (row.id == 0) {
    insert_login_.bind_null(index);  // the next one
  } else {
    insert_login_.bind(index, row.id);
  }
  return insert_login_.run();
}

Result<void> Journal::mark_initialised() { return write_meta(database_, kMetaInitialised, "1"); }

}  // namespace muster::store
