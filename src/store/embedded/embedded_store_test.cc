#include "store/embedded/embedded_store.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "store/conformance.h"
#include "store/embedded/schema.h"
#include "store/embedded/temporary_directory.h"
#include "store/store_testing.h"

namespace muster::store {
namespace {

using namespace directory;       // NOLINT(google-build-using-namespace)
using namespace store::testing;  // NOLINT(google-build-using-namespace)
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr UserId kAnn{25001};

class EmbeddedHarness final : public StoreHarness {
 public:
  // `snapshots`: with a clean stop, so that a restart reads the snapshot; else the journal alone.
  explicit EmbeddedHarness(bool snapshots) : snapshots_(snapshots) { open(); }

  directory::Store& store() override { return *store_; }

  bool reopen() override {
    // What was not marked as initialised would start over.
    expect_done(store_->mark_initialised());
    if (snapshots_) {
      store_->close();
    } else {
      copy_file();
    }
    open();
    return true;
  }

 private:
  void open() {
    store_.reset();
    auto opened = EmbeddedStore::open(place().path(), {}, metrics_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  // What a crash leaves: the files as they are now, without the store's farewell.
  void copy_file() {
    const std::filesystem::path from = place().path();
    ++place_;
    std::filesystem::copy(from, place().path());
    std::filesystem::remove(place().path() / "muster.db-shm");
  }

  TemporaryDirectory& place() { return places_.at(place_); }

  bool snapshots_;
  Metrics metrics_;
  std::array<TemporaryDirectory, 8> places_;
  std::size_t place_ = 0;
  std::unique_ptr<EmbeddedStore> store_;
};

// What opening says, "" when it opens.
std::string refusal(const std::filesystem::path& directory) {
  Metrics metrics;
  const auto opened = EmbeddedStore::open(directory, {}, metrics);
  return opened ? "" : opened.error().message;
}

class EmbeddedStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<EmbeddedStore> open(EmbeddedOptions options = {}) {
    auto opened = EmbeddedStore::open(directory(), std::move(options), metrics_);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  [[nodiscard]] std::filesystem::path directory() const { return root_.path() / "data"; }
  [[nodiscard]] std::filesystem::path file() const { return directory() / "muster.db"; }

  // Runs SQL on the closed file as an administrator could.
  std::string sql(const std::string& statement) {
    auto database = Database::open(file().string(), "");
    EXPECT_TRUE(database);
    auto prepared = database->prepare(statement);
    EXPECT_TRUE(prepared) << prepared.error().message;
    std::string answer;
    while (true) {
      const auto row = prepared->step();
      EXPECT_TRUE(row) << row.error().message;
      if (!row || !*row) return answer;
      const int columns = prepared->column_count();
      for (int i = 0; i < columns; ++i) {
        answer += (i == 0 ? "" : "|") + std::string(prepared->text(i));
      }
      answer += '\n';
    }
  }

  // As if a snapshot had stopped half way: its rows are newer than the mark says.
  void set_mark_back() {
    auto database = Database::open(file().string(), "");
    expect_done(write_meta(*database, kMetaSnapshot, "[1,2,3]"));
  }

  // What opening a copy says after an administrator's accident.
  std::string refusal_after(const std::string& accident) {
    const std::filesystem::path kept = root_.path() / "kept";
    std::filesystem::remove_all(kept);
    std::filesystem::copy(directory(), kept);
    sql(accident);
    const std::string message = refusal(directory());
    std::filesystem::remove_all(directory());
    std::filesystem::copy(kept, directory());
    return message;
  }

  // A store with three users, a session and a credential, closed cleanly.
  void make_store() {
    const auto store = open();
    seed_domain(*store);
    auto ann = dt::make_first_admin(25001);
    ann->set_text(FieldId::kTitle, "Clerk");
    create(*store, {ann, dt::make_user(25002), dt::make_user(25003)});
    edit(*store, kAnn, 5, [](User& user) { user.set_text(FieldId::kTitle, "Head"); });
    expect_done(store->write(actor_at(6, "Log in"), [](Transaction& tx) -> Result<void> {
      expect_done(tx.put_session({.id_hash = digest_of(1), .user_id = kAnn}));
      return tx.put_credential(kAnn, {.password_hash = "$argon2id$secret"});
    }));
    expect_done(store->mark_initialised());
    store->close();
  }

  TemporaryDirectory root_;
  Metrics metrics_;
};

TEST_F(EmbeddedStoreTest, FilesAreForTheirOwnerOnly) {
  const auto store = open();
  create(*store, {dt::make_user(25001)});
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(directory()).permissions(), perms::owner_all);
  for (const auto& entry : std::filesystem::directory_iterator(directory())) {
    EXPECT_EQ(entry.status().permissions(), perms::owner_read | perms::owner_write) << entry;
  }
}

TEST_F(EmbeddedStoreTest, ASecondStoreOnTheDirectoryIsRefused) {
  const auto store = open();
  EXPECT_THAT(refusal(directory()), HasSubstr(directory().string()));
  EXPECT_THAT(refusal(directory()), HasSubstr("in use"));
}

TEST_F(EmbeddedStoreTest, AStoreThatWasNotMarkedStartsOver) {
  {
    const auto store = open();
    create(*store, {dt::make_user(25001)});
  }
  const auto store = open();
  EXPECT_FALSE(store->initialised());
  EXPECT_EQ(user_count(*store), 0);
  EXPECT_EQ(domain_trail(*store).total, 0);
}

TEST_F(EmbeddedStoreTest, AfterCloseWritesAreRefusedAndReadsGoOn) {
  const auto store = open();
  create(*store, {dt::make_user(25001)});
  store->close();
  const auto done = try_create(*store, actor_at(1), {dt::make_user(25002)});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().type, ErrorType::kUnexpectedError);
  EXPECT_EQ(user_count(*store), 1);
}

TEST_F(EmbeddedStoreTest, TheNextStartAfterACleanStopHasNothingToReplay) {
  make_store();
  EXPECT_EQ(sql("SELECT value FROM meta WHERE key = 'snapshot'"),
            "[" + sql("SELECT max(seq) FROM journal").substr(0, 1) + ",25004,3]\n");
  // Even with a journal that cannot be replayed from its beginning.
  sql("DELETE FROM journal WHERE seq = 1");
  EXPECT_EQ(refusal(directory()), "");
}

TEST_F(EmbeddedStoreTest, SnapshotsAreTakenWhileTransactionsGoOn) {
  {
    const auto store = open({.on_failure = {},
                             .snapshot_bytes_min = 10'000,
                             .wal_bytes_max = 100'000,
                             .has_maintenance_thread = false,
                             .vfs = {}});
    seed_domain(*store);
    std::vector<std::shared_ptr<User>> users;
    for (int i = 0; i < 600; ++i) users.push_back(dt::make_member(30000 + i, dt::kQuality));
    create(*store, users);
    expect_done(store->mark_initialised());
    for (int round = 0; round < 30; ++round) {
      std::vector<UserId> ids;
      for (int i = 0; i < 50; ++i) ids.push_back(UserId{30000 + (round * 37 + i * 11) % 600});
      expect_done(try_edit(*store, ids, actor_at(round), [&](User& user) {
        user.set_text(FieldId::kTitle, "Round " + std::to_string(round));
      }));
      if (round % 7 == 3) expect_done(store->maintain());
    }
  }
  EXPECT_EQ(sql("SELECT count(*) FROM users"), "600\n");
  const auto store = open();
  int titled = 0;
  for (int i = 0; i < 600; ++i) {
    const UserPtr user = user_of(*store, UserId{30000 + i});
    std::string last;
    for (int round = 0; round < 30; ++round) {
      for (int k = 0; k < 50; ++k) {
        if ((round * 37 + k * 11) % 600 == i) last = "Round " + std::to_string(round);
      }
    }
    ASSERT_EQ(user->text(FieldId::kTitle), last) << i;
    titled += last.empty() ? 0 : 1;
  }
  EXPECT_GT(titled, 500);
}

TEST_F(EmbeddedStoreTest, AnUnfinishedSnapshotDoesNoHarm) {
  make_store();
  set_mark_back();
  const auto store = open();
  EXPECT_EQ(user_of(*store, kAnn)->text(FieldId::kTitle), "Head");
  EXPECT_EQ(user_count(*store), 3);
}

TEST_F(EmbeddedStoreTest, TheShellReadsUsersMembershipsAndTrail) {
  make_store();
  EXPECT_EQ(sql("SELECT id, user_name__v, user_title__v FROM users ORDER BY id LIMIT 2"),
            "25001|user25001@example.com|Head\n25002|user25002@example.com|\n");
  EXPECT_EQ(sql("SELECT * FROM vault_memberships ORDER BY vault_id LIMIT 1"),
            "25001|3003|true|vault_owner__v|full__v\n");
  EXPECT_EQ(sql("SELECT at, user_name, action, item_id, item, field, old_value, new_value FROM "
                "audit WHERE action = 'Update Users'"),
            "2026-02-02T02:45:00.000Z|ann@example.com|Update Users|25001|user25001@example.com|"
            "user_title__v|Clerk|Head\n");
}

TEST_F(EmbeddedStoreTest, NoViewShowsAPasswordHash) {
  make_store();
  for (const char* view : {"users", "vault_memberships", "audit"}) {
    EXPECT_THAT(sql(std::string("SELECT * FROM ") + view), Not(HasSubstr("argon2"))) << view;
  }
  EXPECT_THAT(sql("SELECT record FROM journal"), Not(HasSubstr("argon2")));
}

TEST_F(EmbeddedStoreTest, ForeignFilesAreRefusedAndLeftAlone) {
  std::filesystem::create_directories(directory());
  const std::string text(10'000, 'x');
  std::ofstream(file()) << text;
  EXPECT_THAT(refusal(directory()), HasSubstr("muster.db is not a Muster data file"));
  std::ifstream kept(file());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), text);

  std::filesystem::remove(file());
  sql("CREATE TABLE other(id)");
  EXPECT_THAT(refusal(directory()), HasSubstr("muster.db is not a Muster data file"));
  EXPECT_EQ(sql("PRAGMA journal_mode"), "delete\n");
}

TEST_F(EmbeddedStoreTest, ANewerSchemaIsRefused) {
  make_store();
  sql("PRAGMA user_version = " + std::to_string(kSchemaVersion + 1));
  EXPECT_THAT(refusal(directory()), HasSubstr("newer Muster"));
  sql("PRAGMA user_version = 1");
  EXPECT_THAT(refusal(directory()), HasSubstr("older Muster"));
}

struct Damage {
  const char* sql;
  const char* message;
};

TEST_F(EmbeddedStoreTest, DamagedRowsAreRefusedByName) {
  const Damage damages[] = {
      {"UPDATE journal SET record = replace(record, 'Head', 'Dead') WHERE seq = 3",
       "journal row 3"},
      {"UPDATE journal SET secret = replace(secret, 'argon', 'aargh') WHERE seq = 4",
       "journal row 4"},
      {"UPDATE journal SET at = at + 1 WHERE seq = 3", "journal row 3"},
      {"UPDATE journal SET domain_rows = 7 WHERE seq = 3", "journal row 3"},
      {"DELETE FROM journal WHERE seq = 3", "journal row 3 is missing"},
      {"UPDATE user_snapshot SET user = replace(user, 'Berlin', 'Merlin') WHERE id = 25002",
       "user_snapshot row 25002"},
      {"UPDATE user_snapshot SET user = '{}' WHERE id = 25002", "user_snapshot row 25002"},
      {"DELETE FROM user_snapshot WHERE id = 25003", "user_snapshot: rows are missing"},
      {"UPDATE session_snapshot SET session = replace(session, '25001', '25002')",
       "session_snapshot row"},
      {"UPDATE credential_snapshot SET credential = 'x'", "credential_snapshot row 25001"},
      {"UPDATE meta SET value = '[9,9]' WHERE key = 'snapshot'", "meta row snapshot"},
      {"UPDATE meta SET value = '' WHERE key = 'domain'", "meta row domain"},
      {"DELETE FROM meta WHERE key = 'initialised'", "meta row initialised"},
  };
  make_store();
  set_mark_back();
  for (const Damage& damage : damages) {
    EXPECT_THAT(refusal_after(damage.sql), HasSubstr(damage.message)) << damage.sql;
  }
  EXPECT_EQ(refusal_after("SELECT 1"), "") << "the file itself is sound";
}

TEST_F(EmbeddedStoreTest, AFlippedBitIsRefusedOrDoesNoHarm) {
  constexpr int kFlips = 200;
  make_store();
  set_mark_back();
  std::ifstream in(file(), std::ios::binary);
  const std::string sound(std::istreambuf_iterator<char>(in), {});
  std::vector<DomainAuditRow> rows;
  std::mt19937_64 random(20'260'104);
  int refused = 0;
  for (int flip = -1; flip < kFlips; ++flip) {
    std::string bytes = sound;
    const std::size_t place = random() % bytes.size();
    if (flip >= 0) bytes[place] = static_cast<char>(bytes[place] ^ (1 << random() % 8));
    std::filesystem::remove_all(directory());
    std::filesystem::create_directory(directory());
    std::ofstream(file(), std::ios::binary) << bytes;
    Metrics metrics;
    const auto opened = EmbeddedStore::open(directory(), {}, metrics);
    if (!opened) {
      ++refused;
      continue;
    }
    EmbeddedStore& store = **opened;
    // Back to the beginning is what an unmarked store does; the mark has a checksum of its own.
    ASSERT_TRUE(store.initialised()) << place;
    ASSERT_EQ(user_count(store), 3) << place;
    ASSERT_EQ(user_of(store, kAnn)->text(FieldId::kTitle), "Head") << place;
    ASSERT_EQ(user_of(store, UserId{25003})->text(FieldId::kFirstName), "First25003") << place;
    ASSERT_EQ(ask(store, [](Reader& r) { return r.find_session(digest_of(1)); })->user_id, kAnn);
    ASSERT_EQ(ask(store, [](Reader& r) { return r.find_credential(kAnn); })->password_hash,
              "$argon2id$secret");
    static_cast<void>(store.read([&](Reader& reader) -> Result<void> {
      const auto page = reader.domain_audit(whole_trail());
      if (!page) return {};  // damaged, and says so
      if (flip < 0) rows = page->rows;
      for (const DomainAuditRow& row : page->rows) {
        const auto same = std::ranges::find(rows, row.id, &DomainAuditRow::id);
        EXPECT_TRUE(same != rows.end() && change_texts(*same) == change_texts(row)) << place;
      }
      return {};
    }));
  }
  EXPECT_GT(refused, kFlips / 50);
}

const StoreUnderTest kJournal{"Journal", [] { return std::make_unique<EmbeddedHarness>(false); }};
const StoreUnderTest kSnapshot{"Snapshot", [] { return std::make_unique<EmbeddedHarness>(true); }};

std::string store_name(const ::testing::TestParamInfo<StoreUnderTest>& info) {
  return info.param.name;
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Embedded, StoreConformance, ::testing::Values(kJournal, kSnapshot),
                         store_name);
INSTANTIATE_TEST_SUITE_P(Embedded, StoreLists, ::testing::Values(kJournal, kSnapshot), store_name);

}  // namespace muster::store
