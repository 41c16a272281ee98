#include "store/postgres/postgres_store.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "store/conformance.h"
#include "store/postgres/postgres_harness.h"
#include "store/postgres/schema.h"
#include "store/store_testing.h"

namespace muster::store {
namespace {

using namespace directory;       // NOLINT(google-build-using-namespace)
using namespace store::testing;  // NOLINT(google-build-using-namespace)
using ::testing::HasSubstr;

constexpr UserId kAnn{25001};
constexpr UserId kBob{25002};

const StoreUnderTest kPostgres{"Postgres", [] { return std::make_unique<PostgresHarness>(); }};

class PostgresStoreTest : public ::testing::Test {
 protected:
  directory::Store& store() { return harness_.store(); }

  PostgresHarness harness_;
};

std::string title_of(directory::Store& store, UserId id) {
  return std::string(user_of(store, id)->text(FieldId::kTitle));
}

TEST_F(PostgresStoreTest, NodesSeeEachOthersUsersSettingsAndSessions) {
  seed_domain(store());
  expect_done(store().mark_initialised());
  const auto other = harness_.open_other();
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->initialised());
  create(store(), {dt::make_user(25001)});
  edit(*other, kAnn, 1, [](User& user) { user.set_text(FieldId::kTitle, "Director"); });
  EXPECT_EQ(title_of(store(), kAnn), "Director");

  expect_done(other->write(actor_at(2), [](Transaction& tx) -> Result<void> {
    Domain domain = *tx.domain();
    domain.name = "example.org";
    expect_done(tx.put_session({.id_hash = digest_of(1), .user_id = kAnn}));
    return tx.put_domain(std::move(domain));
  }));
  EXPECT_EQ(ask(store(), [](Reader& r) { return Result<DomainPtr>(r.domain()); })->name,
            "example.org");
  EXPECT_TRUE(ask(store(), [](Reader& r) { return r.find_session(digest_of(1)); }));
}

TEST_F(PostgresStoreTest, SettingsThatTwoNodesChangeAtOnceLoseNothing) {
  seed_domain(store());
  expect_done(store().mark_initialised());
  const auto other = harness_.open_other();
  const auto add_groups = [](directory::Store& node, int first) {
    for (int id = first; id < first + 20; ++id) {
      expect_done(node.write(actor_at(1), [&](Transaction& tx) {
        Domain domain = *tx.domain();
        domain.groups.push_back({.id = GroupId{id}, .name = "g", .label = "G"});
        return tx.put_domain(std::move(domain));
      }));
    }
  };
  {
    const std::jthread here(add_groups, std::ref(store()), 2000);
    const std::jthread there(add_groups, std::ref(static_cast<directory::Store&>(*other)), 3000);
  }
  const auto domain = ask(store(), [](Reader& r) { return Result<DomainPtr>(r.domain()); });
  EXPECT_EQ(domain->groups.size(), dt::small_domain_value().groups.size() + 40);
}

TEST_F(PostgresStoreTest, IdsOfTwoNodesDiffer) {
  expect_done(store().mark_initialised());
  const auto other = harness_.open_other();
  std::vector<UserId> ids;
  for (directory::Store* node : {&store(), static_cast<directory::Store*>(other.get())}) {
    expect_done(node->write(actor_at(1), [&](Transaction& tx) -> Result<void> {
      const auto fresh = tx.allocate_user_ids(150);
      if (!fresh) return std::unexpected(fresh.error());
      ids.insert(ids.end(), fresh->begin(), fresh->end());
      return {};
    }));
  }
  std::ranges::sort(ids);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
}

TEST_F(PostgresStoreTest, OfTwoNodesThatTakeTheirAdministratorAwayOneKeepsHim) {
  seed_domain(store());
  auto ann = dt::make_first_admin(25001);
  auto bob = dt::make_first_admin(25002);
  create(store(), {ann, bob});
  expect_done(store().mark_initialised());
  const auto other = harness_.open_other();
  std::atomic<int> refused = 0;
  const auto demote = [&](directory::Store& node, UserId id) {
    const auto done = node.write(actor_at(1), [&](Transaction& tx) -> Result<void> {
      const auto users = tx.find_users(std::vector{id});
      if (!users) return std::unexpected(users.error());
      const auto count = tx.count_active_domain_admins();
      if (!count) return std::unexpected(count.error());
      if (*count < 2) return fail(ErrorType::kOperationNotAllowed, "the last one");
      auto after = std::make_shared<User>(*users->front());
      after->is_domain_admin = false;
      return tx.put_users({{users->front(), after}});
    });
    if (!done) ++refused;
  };
  {
    const std::jthread here([&] { demote(store(), kAnn); });
    const std::jthread there([&] { demote(*other, kBob); });
  }
  EXPECT_EQ(refused, 1);
  EXPECT_NE(user_of(store(), kAnn)->is_domain_admin, user_of(store(), kBob)->is_domain_admin);
}

TEST_F(PostgresStoreTest, CallsGoOnAfterAllConnectionsWereCut) {
  create(store(), {dt::make_user(25001)});
  expect_done(store().mark_initialised());
  harness_.cut();
  EXPECT_TRUE(user_of(store(), kAnn));
  harness_.cut();
  edit(store(), kAnn, 1, [](User& user) { user.set_text(FieldId::kTitle, "Director"); });
  EXPECT_EQ(title_of(store(), kAnn), "Director");
  EXPECT_EQ(domain_trail(store()).total, 2);
  EXPECT_FALSE(store().failed());
}

TEST_F(PostgresStoreTest, AConnectionCutWithinAClosureRunsTheClosureAgain) {
  create(store(), {dt::make_user(25001)});
  expect_done(store().mark_initialised());
  int runs = 0;
  expect_done(store().write(actor_at(1), [&](Transaction& tx) -> Result<void> {
    if (auto done = edit_in(tx, {kAnn}, actor_at(1),
                            [](User& user) { user.set_text(FieldId::kTitle, "Director"); });
        !done) {
      return done;
    }
    if (++runs == 1) harness_.cut();
    return {};
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(title_of(store(), kAnn), "Director");
  EXPECT_EQ(domain_trail(store()).total, 2) << "the change is there once";
}

TEST_F(PostgresStoreTest, AFillingThatWasInterruptedStartsOver) {
  seed_domain(store());
  create(store(), {dt::make_user(25001)});
  EXPECT_THAT(harness_.refusal(), HasSubstr("Another process is filling the database"));
  harness_.close();
  const auto again = harness_.open_other();
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->initialised());
  EXPECT_EQ(user_count(*again), 0);
  EXPECT_EQ(domain_trail(*again).total, 0);
}

TEST_F(PostgresStoreTest, ANewerDatabaseAndAnUnknownDomainAreRefused) {
  expect_done(store().mark_initialised());
  harness_.run("INSERT INTO domain VALUES (2, '', 0, true)");
  EXPECT_THAT(harness_.refusal(), HasSubstr("several domains"));
  harness_.run("INSERT INTO muster_schema VALUES (" + std::to_string(kSchemaVersion + 1) + ")");
  EXPECT_THAT(harness_.refusal(), HasSubstr("newer version"));
}

TEST_F(PostgresStoreTest, PagesOfTheTrailsAreTheSameFromEitherEnd) {
  constexpr int kRows = 7;
  create(store(), {dt::make_user(25001), dt::make_user(25002)});
  for (int minute = 1; minute < kRows; ++minute) {
    edit(store(), kAnn, minute,
         [&](User& user) { user.set_text(FieldId::kTitle, std::to_string(minute)); });
  }
  for (int minute = 0; minute < kRows; ++minute) {
    expect_done(store().write(actor_at(minute), [&](Transaction& tx) {
      return tx.append_login({.timestamp = actor_at(minute).at});
    }));
  }
  const auto ids = [](const auto& page) {
    std::vector<std::int64_t> seen;
    seen.reserve(page.rows.size());
    for (const auto& row : page.rows) seen.push_back(row.id);
    return seen;
  };
  AuditQuery query = whole_trail();
  query.item = kAnn;
  const auto changes = ids(domain_trail(store(), query));
  const auto logins = ids(login_trail(store(), query));
  ASSERT_EQ(changes.size(), kRows);
  ASSERT_EQ(logins.size(), kRows);
  query.limit = 2;
  for (query.offset = 0; query.offset < kRows; ++query.offset) {
    const auto begin = query.offset;
    const auto end = std::min<std::int64_t>(begin + 2, kRows);
    const auto expected = [&](const std::vector<std::int64_t>& all) {
      return std::vector(all.begin() + begin, all.begin() + end);
    };
    EXPECT_EQ(ids(domain_trail(store(), query)), expected(changes)) << begin;
    EXPECT_EQ(ids(login_trail(store(), query)), expected(logins)) << begin;
  }
}

TEST_F(PostgresStoreTest, ADatabaseOfVersion1KeepsItsUsersAndGetsWhatIsNew) {
  seed_domain(store());
  create(store(), {dt::make_user(25001)});
  expect_done(store().mark_initialised());
  const std::string indexes = "session_idle, session_created, batch_vault";
  harness_.run("DROP INDEX " + indexes);
  harness_.run("DROP TABLE shared_count");
  harness_.run("DELETE FROM counter WHERE name = 'trail'");
  harness_.run("INSERT INTO counter VALUES (1, 'audit', 50), (1, 'login', 7), (1, 'batch', 6)");
  harness_.run("DELETE FROM muster_schema WHERE version > 1");
  harness_.reopen();
  EXPECT_TRUE(user_of(store(), kAnn));
  EXPECT_EQ(harness_.number("SELECT max(version) FROM muster_schema"), kSchemaVersion);
  harness_.run("DROP INDEX " + indexes);  // fails without them
  EXPECT_EQ(harness_.number("SELECT count(*) FROM counter WHERE name IN ('audit', 'login')"), 0);
  edit(store(), kAnn, 1, [](User& user) { user.set_text(FieldId::kTitle, "New"); });
  EXPECT_EQ(domain_trail(store()).rows.front().id, 51);
}

TEST_F(PostgresStoreTest, TextsThatTheDatabaseCannotHoldAreReplacedOrFoundNowhere) {
  create(store(), {dt::make_user(25001)});
  const std::string broken("a\0b\xFF", 4);
  expect_done(store().write(actor_at(1), [&](Transaction& tx) {
    return tx.append_login({.timestamp = actor_at(1).at, .user_name = broken});
  }));
  EXPECT_EQ(login_trail(store()).rows.at(0).user_name,
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(user_by_name(store(), broken), nullptr);
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Postgres, StoreConformance, ::testing::Values(kPostgres));
INSTANTIATE_TEST_SUITE_P(Postgres, StoreLists, ::testing::Values(kPostgres));

}  // namespace muster::store
