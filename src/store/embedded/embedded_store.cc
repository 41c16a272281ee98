#include "store/embedded/embedded_store.h"

#include <shared_mutex>
#include <string>
#include <utility>

#include "base/log.h"
#include "store/embedded/audit_chain.h"
#include "store/embedded/files.h"
#include "store/embedded/schema.h"
#include "store/embedded/steps.h"
#include "store/image_reader.h"

namespace muster::store {
namespace {

// What a user costs in the snapshot, for the estimate of the directory's size.
constexpr std::int64_t kSnapshotBytesPerUser = 500;
constexpr int kSnapshotEveryDirectorySizes = 4;

// Published commits that a writer leaves to the maintenance thread: giving hundreds of old users
// back takes a tenth of a batch's time, and the next batch need not wait for it. When that thread
// is busy with a snapshot, writers do it themselves.
constexpr std::size_t kLeftToMaintenance = 8;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

Result<Database> open_configured(const std::string& file, const std::string& vfs,
                                 Durability durability) {
  Result<Database> database = Database::open(file, vfs);
  if (!database) return database;
  if (auto done = configure(*database, durability); !done) return std::unexpected(done.error());
  return database;
}

}  // namespace

// Opening --------------------------------------------------------------------------------------

struct EmbeddedStore::Files {
  DirectoryLock lock;
  Journal journal;
  Database background;
  Database audit;
  Database calls;
  bool initialised;
};

Result<std::unique_ptr<EmbeddedStore>> EmbeddedStore::open(const std::filesystem::path& directory,
                                                           EmbeddedOptions options,
                                                           Metrics& metrics) {
  const std::filesystem::path path = directory / "muster.db";
  const std::string file = path.string();
  if (auto done = make_directory(directory); !done) return std::unexpected(done.error());
  Result<DirectoryLock> lock = DirectoryLock::acquire(directory);
  if (!lock) return std::unexpected(lock.error());
  if (options.vfs.empty()) {
    const Result<void> made = in_order(
        [&] { return make_private_file(path); }, [&] { return sync_directory(directory); },
        [&] { return sync_directory(std::filesystem::absolute(directory).parent_path()); });
    if (!made) return std::unexpected(made.error());
  }

  Result<Database> database = Database::open(file, options.vfs);
  if (!database) return std::unexpected(database.error());
  Result<void> ready = in_order([&] { return prepare_schema(*database); },
                                [&] { return configure(*database, Durability::kEveryCommit); },
                                [&] { return secure_log(*database); });
  if (!ready) return std::unexpected(ready.error());
  const Result<std::string> initialised = read_meta(*database, kMetaInitialised);
  if (!initialised) return std::unexpected(initialised.error());
  Result<Recovery> recovery = recover(*database);
  if (!recovery) return std::unexpected(recovery.error());
  Result<Journal> journal = Journal::open(std::move(*database), recovery->end);
  if (!journal) return std::unexpected(journal.error());
  Result<Database> background = open_configured(file, options.vfs, Durability::kLater);
  if (!background) return std::unexpected(background.error());
  Result<Database> audit = open_configured(file, options.vfs, Durability::kLater);
  if (!audit) return std::unexpected(audit.error());
  Result<Database> calls = open_configured(file, options.vfs, Durability::kLater);
  if (!calls) return std::unexpected(calls.error());

  Files files{std::move(*lock),  std::move(*journal), std::move(*background),
              std::move(*audit), std::move(*calls),   *initialised == "1"};
  std::unique_ptr<EmbeddedStore> store(
      new EmbeddedStore(std::move(files), std::move(*recovery), std::move(options), metrics));
  Result<SnapshotWriter> snapshots =
      SnapshotWriter::create(store->background_, store->shared_, store->disk_);
  if (!snapshots) return std::unexpected(snapshots.error());
  store->snapshots_ = std::make_unique<SnapshotWriter>(std::move(*snapshots));
  if (store->options_.has_maintenance_thread) {
    store->maintenance_ = std::thread([raw = store.get()] { raw->run_maintenance(); });
  }
  return store;
}

EmbeddedStore::EmbeddedStore(Files files, Recovery recovery, EmbeddedOptions options,
                             Metrics& metrics)
    : options_(std::move(options)),
      metrics_(metrics),
      lock_(std::move(files.lock)),
      initialised_(files.initialised),
      audit_(std::move(files.audit), std::move(files.calls)),
      journal_(std::move(files.journal)),
      background_(std::move(files.background)),
      queue_(recovery.end.sequence, [this](const CommitGroup& group) { return flush(group); }),
      journal_bytes_(recovery.state.journal_bytes) {
  store::publish(recovery.state, shared_.image);
  dirty_ = std::move(recovery.state.dirty);
  head_ = Head::of(shared_.image, recovery.end.sequence);
  metrics_.users.Set(static_cast<double>(shared_.image.count_users()));
  metrics_.sessions.Set(static_cast<double>(shared_.image.count_sessions()));
}

EmbeddedStore::~EmbeddedStore() { close(); }

// Reading and writing --------------------------------------------------------------------------

Result<void> EmbeddedStore::read(const std::function<Result<void>(directory::Reader&)>& work) {
  ImageReader reader(shared_, audit_);
  return work(reader);
}

Result<void> EmbeddedStore::write(
    const directory::Actor& actor,
    const std::function<Result<void>(directory::Transaction&)>& work) {
  Sequence seen = 0;
  const Result<std::shared_ptr<Commit>> commit = apply(actor, work, seen);
  if (!commit) return std::unexpected(commit.error());
  if (*commit == nullptr) return queue_.wait_for(seen);
  encode(**commit);
  Result<void> done = queue_.finish(**commit);
  metrics_.commit_seconds.Observe(seconds_since((*commit)->queued));
  return done;
}

Result<std::shared_ptr<Commit>> EmbeddedStore::apply(
    const directory::Actor& actor, const std::function<Result<void>(directory::Transaction&)>& work,
    Sequence& seen) {
  CommitGroup garbage;  // freed after the lock
  const std::lock_guard lock(apply_);
  garbage = forget_published(kLeftToMaintenance);
  if (is_closed_ || queue_.failed()) {
    return fail(ErrorType::kUnexpectedError, "The store takes no more changes.");
  }
  Overlay transaction(shared_, head_, audit_, actor);
  if (Result<void> done = transaction.run(work); !done) return std::unexpected(done.error());
  Changes changes = transaction.take();
  if (changes.empty()) {
    seen = head_.sequence;
    return nullptr;
  }
  return line_up(std::move(changes));
}

std::shared_ptr<Commit> EmbeddedStore::line_up(Changes changes) noexcept {
  auto commit = std::make_shared<Commit>();
  commit->changes = std::move(changes);
  head_.accept(commit->changes);
  commit->domain = head_.domain;
  commit->queued = Clock::now();
  queue_.enqueue(commit);
  return commit;
}

void EmbeddedStore::encode(Commit& commit) noexcept {
  commit.record = encode_record(commit.changes, *commit.domain);
  commit.content = content_digest(journal_row(commit, 0), commit.changes.logins);
}

CommitGroup EmbeddedStore::forget_published(std::size_t left) {
  CommitGroup published;
  {
    const std::lock_guard lock(published_mutex_);
    if (published_.size() > left) published.swap(published_);
  }
  for (const std::shared_ptr<Commit>& commit : published) {
    head_.pending.forget(commit->changes.layer, commit->changes.sequence);
  }
  return published;
}

Result<void> EmbeddedStore::flush(const CommitGroup& group) noexcept {
  const Clock::time_point start = Clock::now();
  const Result<void> done = disk_.use([&] {
    Result<void> appended = journal_.append(group);
    wal_bytes_ = journal_.wal_bytes();
    return appended;
  });
  if (!done) {
    fail_store(done.error().message);
    return done;
  }
  metrics_.flush_seconds.Observe(seconds_since(start));
  metrics_.group_size.Observe(static_cast<double>(group.size()));
  metrics_.commit_queue.Set(static_cast<double>(queue_.size()));
  publish(group);
  return {};
}

void EmbeddedStore::publish(const CommitGroup& group) noexcept {
  std::int64_t bytes = 0;
  {
    const std::unique_lock lock(shared_.mutex);
    for (const std::shared_ptr<Commit>& commit : group) shared_.image.apply(commit->changes);
    metrics_.users.Set(static_cast<double>(shared_.image.count_users()));
    metrics_.sessions.Set(static_cast<double>(shared_.image.count_sessions()));
  }
  {
    // After the image: a snapshot up to this sequence finds all of it there.
    const std::lock_guard lock(dirty_mutex_);
    for (const std::shared_ptr<Commit>& commit : group) {
      dirty_.add(commit->changes);
      bytes += std::ssize(commit->record.record) + std::ssize(commit->record.secret);
    }
  }
  {
    const std::lock_guard lock(published_mutex_);
    published_.insert(published_.end(), group.begin(), group.end());
  }
  journal_bytes_ += bytes;
  maintenance_wanted_.notify_one();
}

Result<void> EmbeddedStore::mark_initialised() {
  if (queue_.failed()) return fail(ErrorType::kUnexpectedError, "The store has failed.");
  const Result<void> done = disk_.use([&] { return journal_.mark_initialised(); });
  if (!done) {
    fail_store(done.error().message);
    return done;
  }
  initialised_ = true;
  return {};
}

void EmbeddedStore::fail_store(const std::string& reason) {
  queue_.fail_all();
  if (reported_.exchange(true)) return;
  if (options_.on_failure) {
    options_.on_failure(reason);
  } else {
    log::error("store failed", {{"reason", std::string_view(reason)}});
  }
}

// Closing and maintenance ----------------------------------------------------------------------

void EmbeddedStore::close() {
  Sequence last = 0;
  {
    const std::lock_guard lock(apply_);
    if (std::exchange(is_closed_, true)) return;
    last = head_.sequence;
  }
  // With an error the store has failed, which is looked at below.
  const Result<void> drained = queue_.wait_for(last);
  {
    const std::lock_guard lock(maintenance_mutex_);
    is_stopping_ = true;
  }
  maintenance_wanted_.notify_all();
  if (maintenance_.joinable()) maintenance_.join();
  if (!drained || queue_.failed() || !snapshots_ || !initialised_) return;
  Result<void> done;
  if (journal_bytes_ > 0) done = write_snapshot();
  if (done) done = checkpoint();
  if (!done) return fail_store(done.error().message);
  // The last connection to close takes the empty log away: one file is left.
  for (Database* database :
       {&background_, &audit_.trail(), &audit_.calls(), &journal_.database()}) {
    checkpoint_on_close(*database, true);
  }
}

void EmbeddedStore::run_maintenance() {
  std::unique_lock lock(maintenance_mutex_);
  while (!is_stopping_) {
    // Woken by publish(), whose notification may come while this thread is busy: look now and then.
    maintenance_wanted_.wait_for(lock, std::chrono::milliseconds(200));
    if (is_stopping_) return;
    lock.unlock();
    if (!maintain()) return;
    lock.lock();
  }
}

Result<void> EmbeddedStore::maintain() {
  free_published();
  if (queue_.failed()) return {};
  Result<void> done;
  if (wal_bytes_ > options_.wal_bytes_max) done = checkpoint();
  if (done && snapshot_is_due()) {
    done = in_order([&] { return write_snapshot(); }, [&] { return checkpoint(); });
  }
  if (!done) fail_store(done.error().message);
  return done;
}

void EmbeddedStore::free_published() {
  CommitGroup garbage;  // freed after the lock
  const std::lock_guard lock(apply_);
  garbage = forget_published(0);
}

bool EmbeddedStore::snapshot_is_due() const {
  const auto directory_bytes = static_cast<std::int64_t>(metrics_.users.Value()) *
                               kSnapshotBytesPerUser * kSnapshotEveryDirectorySizes;
  return journal_bytes_ > std::max(options_.snapshot_bytes_min, directory_bytes);
}

Result<void> EmbeddedStore::write_snapshot() {
  DirtyKeys dirty;
  {
    const std::lock_guard lock(dirty_mutex_);
    dirty = dirty_.take();
    journal_bytes_ = 0;
  }
  return snapshots_->write(dirty);
}

Result<void> EmbeddedStore::checkpoint() {
  // The bulk without holding anybody up, then the little that came meanwhile with commits held
  // back: only when the log is carried over whole does the next commit start it afresh.
  // The order is needed for another reason as well: SQLite before 3.51.3 may lose commits when a
  // checkpoint begins on a log that is carried over already while a commit starts it afresh. Here
  // that second checkpoint always holds the commits back.
  return in_order([&] { return carry_over(); },
                  [&] { return disk_.use([&] { return carry_over(); }); },
                  [&]() -> Result<void> {
                    wal_bytes_ = 0;
                    return {};
                  });
}

Result<void> EmbeddedStore::carry_over() {
  const int code = sqlite3_wal_checkpoint_v2(background_.handle(), "main",
                                             SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  // Busy: an audit query still reads from the log; the next round will do.
  if (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) return {};
  return fail(ErrorType::kUnexpectedError,
              std::string("SQLite checkpoint: ") + sqlite3_errmsg(background_.handle()));
}

}  // namespace muster::store
