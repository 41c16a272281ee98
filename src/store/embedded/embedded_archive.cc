#include "store/embedded/embedded_archive.h"

#include <utility>

#include "base/metrics.h"
#include "store/embedded/copied_record.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/files.h"
#include "store/embedded/json_text.h"
#include "store/embedded/row_reader.h"
#include "store/embedded/row_text.h"
#include "store/embedded/schema.h"
#include "store/embedded/steps.h"

namespace muster::store {
namespace {

namespace fs = std::filesystem;
using directory::DomainAuditRow;

constexpr std::int64_t kWalBytesMax = 64LL << 20;
// Of the rows without an execution id (those of a seed) that lie together.
constexpr std::ptrdiff_t kRecordRowsMax = 500;

std::unexpected<Error> refused(const fs::path& path, const std::string& why) {
  return fail(ErrorType::kOperationNotAllowed, path.string() + ": " + why);
}

// Closing it writes the snapshot.
Result<void> bring_up_to_date(const fs::path& directory) {
  Metrics metrics;
  auto store = EmbeddedStore::open(directory, {}, metrics);
  if (!store) return std::unexpected(std::move(store.error()));
  if (!(*store)->initialised()) return refused(directory, "was never filled");
  (*store)->close();
  if ((*store)->failed()) return refused(directory, "the snapshot cannot be written");
  return {};
}

// Somebody may have been between the closing and the lock.
Result<void> check_up_to_date(Database& database, const fs::path& directory) {
  const auto behind = database.query_integer(
      "SELECT (SELECT coalesce(max(seq), 0) FROM journal) <> "
      "(SELECT value ->> 0 FROM meta WHERE key = 'snapshot')");
  if (!behind) return std::unexpected(behind.error());
  return *behind == 0 ? Result<void>() : refused(directory, "is in use by another process");
}

// The last row of the journal; that of an empty one when there is none.
Result<JournalEnd> end_of_journal(Database& database) {
  auto select = database.prepare(
      "SELECT seq, checksum, domain_first + domain_rows, chain FROM journal ORDER BY seq DESC "
      "LIMIT 1");
  if (!select) return std::unexpected(select.error());
  const Result<bool> row = select->step();
  if (!row) return std::unexpected(row.error());
  JournalEnd end;
  if (!*row) return end;
  end.sequence = static_cast<Sequence>(select->integer(0));
  end.checksum = select->integer(1);
  end.domain_next = select->integer(2);
  end.chain = read_digest(select->text(3));
  return end;
}

// A file with tables and no data, or one with a part of a copy, which `mark` says then.
Result<Database> open_target(const fs::path& directory, std::string& mark) {
  const fs::path file = directory / "muster.db";
  const Result<void> made =
      in_order([&] { return make_private_file(file); }, [&] { return sync_directory(directory); },
               [&] { return sync_directory(fs::absolute(directory).parent_path()); });
  if (!made) return std::unexpected(made.error());
  Result<Database> database = Database::open(file.string(), "");
  if (!database) return database;
  auto found = read_copy_mark(*database);
  if (!found) return std::unexpected(std::move(found.error()));
  mark = std::move(*found);
  const Result<void> ready =
      in_order([&] { return mark.empty() ? prepare_schema(*database) : Result<void>(); },
               [&] { return configure(*database, Durability::kEveryCommit); },
               [&] { return secure_log(*database); });
  if (!ready) return std::unexpected(ready.error());
  const Result<std::string> initialised = read_meta(*database, kMetaInitialised);
  if (!initialised) return std::unexpected(initialised.error());
  if (*initialised != "0") return refused(directory, "has data already");
  return database;
}

}  // namespace

// Source ---------------------------------------------------------------------------------------

Result<std::unique_ptr<EmbeddedSource>> EmbeddedSource::open(const fs::path& directory) {
  const fs::path file = directory / "muster.db";
  if (!fs::exists(file)) return refused(directory, "there is no directory here");
  if (auto done = bring_up_to_date(directory); !done) return std::unexpected(done.error());
  Result<DirectoryLock> lock = DirectoryLock::acquire(directory);
  if (!lock) return std::unexpected(lock.error());
  Result<Database> database = Database::open(file.string(), "");
  if (!database) return std::unexpected(database.error());
  if (auto done = check_up_to_date(*database, directory); !done) {
    return std::unexpected(done.error());
  }
  return std::unique_ptr<EmbeddedSource>(
      new EmbeddedSource(std::move(*lock), std::move(*database)));
}

// Target ---------------------------------------------------------------------------------------

Result<std::unique_ptr<EmbeddedTarget>> EmbeddedTarget::open(const fs::path& directory,
                                                             Timestamp now) {
  if (auto made = make_directory(directory); !made) return std::unexpected(made.error());
  Result<DirectoryLock> lock = DirectoryLock::acquire(directory);
  if (!lock) return std::unexpected(lock.error());
  std::string mark;
  Result<Database> database = open_target(directory, mark);
  if (!database) return std::unexpected(database.error());
  const Result<JournalEnd> end = end_of_journal(*database);
  if (!end) return std::unexpected(end.error());
  Result<Journal> journal = Journal::open(std::move(*database), *end);
  if (!journal) return std::unexpected(journal.error());
  Result<CopiedRows> rows = CopiedRows::prepare(journal->database());
  if (!rows) return std::unexpected(rows.error());
  return std::unique_ptr<EmbeddedTarget>(new EmbeddedTarget(
      std::move(*lock), std::move(*journal), std::move(*rows), std::move(mark), now));
}

EmbeddedTarget::EmbeddedTarget(DirectoryLock lock, Journal journal, CopiedRows rows,
                               std::string mark, Timestamp now)
    : lock_(std::move(lock)),
      journal_(std::move(journal)),
      rows_(std::move(rows)),
      reader_(journal_.database()),
      found_mark_(std::move(mark)),
      now_(now) {}

template <typename Work>
Result<void> EmbeddedTarget::commit(const Work& work) {
  {
    Result<DatabaseTransaction> transaction = DatabaseTransaction::begin(journal_.database());
    if (!transaction) return std::unexpected(transaction.error());
    if (Result<void> done = work(); !done) return done;
    if (Result<void> done = transaction->commit(); !done) return done;
  }
  return journal_.wal_bytes() > kWalBytesMax ? secure_log(journal_.database()) : Result<void>();
}

Result<ArchivePlace> EmbeddedTarget::begin(const ArchiveHead& head, const std::string& content) {
  head_ = head;
  content_ = content;
  if (found_mark_.empty()) {
    if (auto done = write_first(head); !done) return std::unexpected(done.error());
    return ArchivePlace{};
  }
  std::optional<CopyMark> mark = parse_mark(found_mark_);
  if (mark && mark->content == content) return std::move(mark->place);
  return fail(ErrorType::kOperationNotAllowed,
              "The target directory holds an interrupted copy of another source, or of this one as "
              "it was before.");
}

Result<void> EmbeddedTarget::write_first(const ArchiveHead& head) {
  return commit([&] {
    return in_order([&] { return put(encode_head(head)); }, [&] { return write_mark({}); });
  });
}

Result<void> EmbeddedTarget::write(const ArchivePiece& piece, const ArchivePlace& place) {
  return commit([&] {
    return in_order(
        [&] { return std::visit([&](const auto& rows) { return put_rows(rows); }, piece); },
        [&] { return write_mark(place); });
  });
}

Result<void> EmbeddedTarget::write_mark(const ArchivePlace& place) {
  return write_meta(journal_.database(), kMetaCopy,
                    mark_text({.content = content_, .place = place}));
}

// The snapshot is whole: a start replays nothing.
Result<void> EmbeddedTarget::complete() {
  const auto users = journal_.database().query_integer("SELECT count(*) FROM user_snapshot");
  if (!users) return std::unexpected(users.error());
  std::string snapshot = "[";
  append_integer(snapshot, static_cast<std::int64_t>(journal_.end().sequence));
  for (const std::int64_t number : {std::int64_t{head_.next_user_id.value}, *users}) {
    snapshot += ',';
    append_integer(snapshot, number);
  }
  snapshot += ']';
  std::string domain;
  append_domain(domain, *head_.domain);
  return commit([&] {
    return in_order([&] { return write_meta(journal_.database(), kMetaDomain, domain); },
                    [&] { return write_meta(journal_.database(), kMetaSnapshot, snapshot); });
  });
}

Result<void> EmbeddedTarget::mark_initialised() {
  const Result<void> done = commit([&] {
    return in_order([&] { return journal_.mark_initialised(); },
                    [&] {
                      return journal_.database().execute("DELETE FROM meta WHERE key = '" +
                                                         std::string(kMetaCopy) + "'");
                    });
  });
  if (done) checkpoint_on_close(journal_.database(), true);
  return done;
}

// Rows -----------------------------------------------------------------------------------------

Result<void> EmbeddedTarget::put(const JournalRecord& record) {
  return journal_.append_copied(record, now_, 0, {});
}

Result<void> EmbeddedTarget::put_rows(const std::vector<directory::UserPtr>& users) {
  for (const directory::UserPtr& user : users) {
    if (auto done = rows_.put(*user, *head_.domain); !done) return done;
  }
  return put(encode_users(users, *head_.domain));
}

Result<void> EmbeddedTarget::put_rows(const std::vector<OwnedCredential>& credentials) {
  for (const OwnedCredential& row : credentials) {
    if (auto done = rows_.put(row); !done) return done;
  }
  return put(encode_credentials(credentials));
}

Result<void> EmbeddedTarget::put_rows(const std::vector<directory::Session>& sessions) {
  for (const directory::Session& session : sessions) {
    if (auto done = rows_.put(session); !done) return done;
  }
  return put(encode_sessions(sessions));
}

Result<void> EmbeddedTarget::put_rows(const std::vector<directory::Batch>& batches) {
  for (const directory::Batch& batch : batches) {
    if (auto done = rows_.put(batch); !done) return done;
  }
  return {};
}

Result<void> EmbeddedTarget::put_rows(const std::vector<directory::KeptAnswer>& answers) {
  for (const directory::KeptAnswer& answer : answers) {
    if (auto done = rows_.put(answer); !done) return done;
  }
  return {};
}

Result<void> EmbeddedTarget::put_rows(const std::vector<directory::LoginAuditRow>& logins) {
  return journal_.append_copied(encode_nothing(), now_, 0, logins);
}

// What one call did is one record, as if it had been written here.
Result<void> EmbeddedTarget::put_rows(const std::vector<DomainAuditRow>& rows) {
  auto first = rows.begin();
  while (first != rows.end()) {
    auto last = first + 1;
    while (last != rows.end() && are_of_one_call(*(last - 1), *last) &&
           (!first->execution_id.empty() || last - first < kRecordRowsMax)) {
      ++last;
    }
    if (auto done = put_call({first, last}); !done) return done;
    first = last;
  }
  return {};
}

Result<void> EmbeddedTarget::put_call(std::span<const DomainAuditRow> rows) {
  auto done =
      journal_.append_copied(encode_trail(rows), rows.front().timestamp, rows.front().id, {});
  const std::string& execution = rows.front().execution_id;
  if (!done || execution.empty()) return done;
  return rows_.place_batch(execution, journal_.end().sequence);
}

}  // namespace muster::store
