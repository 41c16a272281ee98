#include "store/conformance.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "directory/user_fields.h"
#include "store/store_testing.h"

namespace muster::store {

void StoreConformance::now_and_after_restart(const std::function<void()>& check) {
  check();
  if (!harness_->reopen()) return;
  const ::testing::ScopedTrace trace(__FILE__, __LINE__, "after a restart");
  check();
}

// Ten users; odd ids in Quality, every third in Clinical; titles fall as ids rise.
void StoreLists::SetUp() {
  namespace dt = directory::testing;
  testing::seed_domain(store());
  std::vector<std::shared_ptr<directory::User>> users;
  for (const int id : {7, 3, 10, 1, 5, 2, 9, 4, 8, 6}) {  // in any order
    auto user = dt::make_user(100 + id);
    if (id % 2 == 1) user->set_membership({.vault_id = dt::kQuality});
    if (id % 3 == 0) {
      user->set_membership(
          {dt::kClinical, directory::kReadOnlyUser, directory::LicenseType::kReadOnly, id == 3});
    }
    const std::string title = {static_cast<char>((id % 2 == 0 ? 'a' : 'A') + (10 - id))};
    if (id != 4) user->set_text(directory::FieldId::kTitle, title);
    user->is_domain_admin = id == 8;
    user->modified_date = dt::kNoon - std::chrono::minutes(id % 4);
    if (id == 2) user->last_login = dt::kNoon;
    users.push_back(user);
  }
  testing::create(store(), users);
}

directory::UserPage StoreLists::list(const directory::UserQuery& query) {
  return testing::ask(store(), [&](directory::Reader& reader) { return reader.list_users(query); });
}

std::vector<std::int32_t> StoreLists::ids(const directory::UserQuery& query) {
  return testing::ids_of(list(query).users);
}

directory::UserPage StoreLists::scan(const directory::UserScan& scan) {
  return testing::ask(store(), [&](directory::Reader& reader) { return reader.scan_users(scan); });
}

std::vector<std::int32_t> StoreLists::scanned(const directory::UserScan& wanted) {
  return testing::ids_of(scan(wanted).users);
}

namespace {

// Whole files, so that the tests read as sentences.
using namespace directory;       // NOLINT(google-build-using-namespace)
using namespace store::testing;  // NOLINT(google-build-using-namespace)
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr UserId kAnn{25001};
constexpr UserId kBob{25002};
constexpr UserId kCid{25003};

void set_title(User& user, std::string_view title) { user.set_text(FieldId::kTitle, title); }

// Users ------------------------------------------------------------------------------------

TEST_P(StoreConformance, AnswersHaveLengthAndOrderOfTheQuestion) {
  create(store(), {dt::make_user(25001), dt::make_user(25002)});
  const std::vector<UserId> ids{kBob, kCid, kAnn, kBob};
  const auto users = ask(store(), [&](Reader& reader) { return reader.find_users(ids); });
  EXPECT_THAT(ids_of(users), ElementsAre(25002, 0, 25001, 25002));
  const std::vector<std::string> names{"user25002@example.com", "nobody@example.com"};
  const auto named = ask(store(), [&](Reader& reader) { return reader.find_users_by_name(names); });
  EXPECT_THAT(ids_of(named), ElementsAre(25002, 0));
}

TEST_P(StoreConformance, KeepsEveryFieldOfAUser) {
  seed_domain(store());
  auto ann = dt::make_first_admin(25001);
  for (const FieldId field :
       {FieldId::kAlias, FieldId::kTitle, FieldId::kOfficePhone, FieldId::kFax,
        FieldId::kMobilePhone, FieldId::kSite, FieldId::kFederatedId, FieldId::kSalesforceUserName,
        FieldId::kMedidataUuid, FieldId::kCompany}) {
    ann->set_text(field, "\"quoted\" \\ \t \xC3\xA4 " + std::to_string(static_cast<int>(field)));
  }
  ann->needs_to_change_password = true;
  ann->domain_active = false;
  ann->security_policy_id = dt::kStrongPolicy;
  ann->created_by = UserId{77};
  ann->modified_by = UserId{78};
  ann->last_login = dt::kNoon - std::chrono::minutes(5);
  ann->set_membership({dt::kClinical, ProfileIndex{7}, LicenseType::kReadOnly, false});
  ann->app_licensing = {{dt::kQuality, "exampleQms_v", LicenseType::kExternal, false}};
  create(store(), {ann});

  now_and_after_restart([&] {
    const UserPtr kept = user_of(store(), kAnn);
    ASSERT_TRUE(kept);
    for (const FieldId field : text_fields()) EXPECT_EQ(kept->text(field), ann->text(field));
    EXPECT_TRUE(kept->is_domain_admin);
    EXPECT_FALSE(kept->domain_active);
    EXPECT_TRUE(kept->needs_to_change_password);
    EXPECT_EQ(kept->domain_id, ann->domain_id);
    EXPECT_EQ(kept->security_policy_id, ann->security_policy_id);
    EXPECT_EQ(kept->created_by, ann->created_by);
    EXPECT_EQ(kept->created_date, ann->created_date);
    EXPECT_EQ(kept->modified_by, ann->modified_by);
    EXPECT_EQ(kept->modified_date, ann->modified_date);
    EXPECT_EQ(kept->last_login, ann->last_login);
    EXPECT_EQ(kept->memberships, ann->memberships);
    EXPECT_EQ(kept->app_licensing, ann->app_licensing);
  });
}

TEST_P(StoreConformance, AnUpdateChangesWhatItNamesAndClearsWhatItClears) {
  seed_domain(store());
  auto ann = dt::make_member(25001, dt::kQuality);
  ann->set_text(FieldId::kTitle, "Clerk");
  ann->set_text(FieldId::kFederatedId, "F-1");
  create(store(), {ann});
  edit(store(), kAnn, 5, [](User& user) {
    user.set_text(FieldId::kTitle, "");
    user.set_text(FieldId::kFederatedId, "");
    user.set_text(FieldId::kCompany, "Example");
    user.set_membership({dt::kQuality, kVaultOwner, LicenseType::kFull, false});
  });
  now_and_after_restart([&] {
    const UserPtr kept = user_of(store(), kAnn);
    EXPECT_EQ(kept->text(FieldId::kTitle), "");
    EXPECT_EQ(kept->text(FieldId::kCompany), "Example");
    EXPECT_EQ(kept->membership(dt::kQuality)->profile, kVaultOwner);
    EXPECT_FALSE(kept->membership(dt::kQuality)->active);
    EXPECT_EQ(kept->modified_by, UserId{12});
    EXPECT_EQ(kept->modified_date, dt::kNoon + std::chrono::minutes(5));
    EXPECT_EQ(kept->created_date, ann->created_date);
    EXPECT_EQ(user_by_federated_id(store(), "F-1"), nullptr);
  });
}

TEST_P(StoreConformance, ARenamedUserIsFoundUnderTheNewNameOnly) {
  create(store(), {dt::make_user(25001)});
  edit(store(), kAnn, 1, [](User& user) {
    user.set_text(FieldId::kUserName, "Ann.Lee@Example.com");
    user.set_text(FieldId::kFederatedId, "Fed-1");
  });
  now_and_after_restart([&] {
    EXPECT_EQ(user_by_name(store(), "user25001@example.com"), nullptr);
    ASSERT_TRUE(user_by_name(store(), "ann.lee@example.com"));
    EXPECT_EQ(user_by_name(store(), "ann.lee@example.com")->user_name(), "Ann.Lee@Example.com");
    ASSERT_TRUE(user_by_federated_id(store(), "Fed-1"));
    EXPECT_EQ(user_by_federated_id(store(), "fed-1"), nullptr) << "federated ids are exact";
  });
}

TEST_P(StoreConformance, TwoUsersMaySwapTheirNamesInOneTransaction) {
  create(store(), {dt::make_user(25001), dt::make_user(25002)});
  const Actor actor = actor_at(1);
  expect_done(store().write(actor, [&](Transaction& tx) -> Result<void> {
    const std::vector<UserId> ids{kAnn, kBob};
    const auto users = tx.find_users(ids);
    if (!users) return std::unexpected(users.error());
    auto ann = std::make_shared<User>(*users->at(0));
    auto bob = std::make_shared<User>(*users->at(1));
    ann->set_text(FieldId::kUserName, users->at(1)->user_name());
    bob->set_text(FieldId::kUserName, users->at(0)->user_name());
    return tx.put_users({{users->at(0), ann}, {users->at(1), bob}});
  }));
  now_and_after_restart([&] {
    EXPECT_EQ(user_by_name(store(), "user25001@example.com")->id, kBob);
    EXPECT_EQ(user_by_name(store(), "user25002@example.com")->id, kAnn);
  });
}

TEST_P(StoreConformance, AGivenUpNameCanBeTakenByAnother) {
  create(store(), {dt::make_user(25001), dt::make_user(25002)});
  edit(store(), kAnn, 1, [](User& user) { user.set_text(FieldId::kUserName, "x@example.com"); });
  edit(store(), kBob, 2,
       [](User& user) { user.set_text(FieldId::kUserName, "USER25001@example.com"); });
  now_and_after_restart(
      [&] { EXPECT_EQ(user_by_name(store(), "user25001@example.com")->id, kBob); });
}

struct Clash {
  FieldId field;
  const char* text;
};

TEST_P(StoreConformance, ATakenNameOrFederatedIdIsARaceAndRollsBack) {
  auto ann = dt::make_user(25001);
  ann->set_text(FieldId::kFederatedId, "F-1");
  create(store(), {ann, dt::make_user(25002)});
  for (const Clash& clash :
       {Clash{FieldId::kUserName, "USER25001@example.com"}, Clash{FieldId::kFederatedId, "F-1"}}) {
    const auto done = try_edit(store(), {kBob}, actor_at(1), [&](User& user) {
      set_title(user, "Director");
      user.set_text(clash.field, clash.text);
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().type, ErrorType::kRaceCondition);
    EXPECT_EQ(user_of(store(), kBob)->text(FieldId::kTitle), "");
  }
}

TEST_P(StoreConformance, AClosureThatIgnoresARaceIsRolledBackAllTheSame) {
  create(store(), {dt::make_user(25001)});
  const auto done = store().write(actor_at(1), [](Transaction& tx) -> Result<void> {
    auto twin = dt::make_user(25002);
    twin->set_text(FieldId::kUserName, "user25001@example.com");
    EXPECT_FALSE(tx.put_users({{nullptr, dt::make_user(25003)}, {nullptr, twin}}).has_value());
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().type, ErrorType::kRaceCondition);
  EXPECT_EQ(user_count(store()), 1);
}

TEST_P(StoreConformance, AnOldUserWrittenAsNewIsARace) {
  create(store(), {dt::make_user(25001)});
  const auto done = try_create(store(), actor_at(1), {dt::make_user(25001)});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().type, ErrorType::kRaceCondition);
}

// Transactions -----------------------------------------------------------------------------

TEST_P(StoreConformance, AFailingClosureWritesNothingAndItsErrorComesBack) {
  create(store(), {dt::make_user(25001)});
  const auto trail = domain_trail(store()).total;
  const Actor actor = actor_at(1);
  const auto done = store().write(actor, [&](Transaction& tx) -> Result<void> {
    expect_done(edit_in(tx, {kAnn}, actor, [](User& user) {
      set_title(user, "Director");
      user.set_text(FieldId::kUserName, "other@example.com");
    }));
    expect_done(tx.put_session({.id_hash = digest_of(1), .user_id = kAnn}));
    expect_done(tx.put_credential(kAnn, {.password_hash = "hash"}));
    expect_done(tx.append_login({.timestamp = actor.at}));
    expect_done(tx.put_domain(dt::small_domain_value()));
    return fail(ErrorType::kInvalidData, "changed my mind");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(), (Error{ErrorType::kInvalidData, "changed my mind"}));
  now_and_after_restart([&] {
    EXPECT_EQ(user_of(store(), kAnn)->text(FieldId::kTitle), "");
    EXPECT_TRUE(user_by_name(store(), "user25001@example.com"));
    EXPECT_EQ(user_by_name(store(), "other@example.com"), nullptr);
    EXPECT_EQ(ask(store(), [](Reader& r) { return r.find_session(digest_of(1)); }), std::nullopt);
    EXPECT_EQ(ask(store(), [](Reader& r) { return r.find_credential(kAnn); }), std::nullopt);
    EXPECT_EQ(domain_trail(store()).total, trail);
    EXPECT_EQ(login_trail(store()).total, 0);
  });
}

TEST_P(StoreConformance, ATransactionReadsItsOwnWrites) {
  seed_domain(store());
  create(store(), {dt::make_user(25001), dt::make_user(25002)});
  const Actor actor = actor_at(1);
  expect_done(store().write(actor, [&](Transaction& tx) -> Result<void> {
    expect_done(edit_in(tx, {kAnn}, actor, [](User& user) {
      user.set_text(FieldId::kUserName, "Zoe@example.com");
      user.set_text(FieldId::kFederatedId, "F-9");
      user.is_domain_admin = true;
    }));
    expect_done(tx.put_users({{nullptr, dt::make_member(25003, dt::kQuality)}}));
    EXPECT_EQ(tx.find_users(std::vector{kAnn})->at(0)->user_name(), "Zoe@example.com");
    const std::vector<std::string> names{"zoe@example.com", "user25001@example.com",
                                         "user25003@example.com"};
    EXPECT_THAT(ids_of(*tx.find_users_by_name(names)), ElementsAre(25001, 0, 25003));
    EXPECT_THAT(ids_of(*tx.find_users_by_federated_id(std::vector<std::string>{"F-9"})),
                ElementsAre(25001));
    EXPECT_EQ(tx.count_users(), 3);
    EXPECT_EQ(tx.count_active_domain_admins(), 1);
    const auto page = tx.list_users({.sort = FieldId::kUserName, .descending = true, .limit = 2});
    EXPECT_THAT(ids_of(page->users), ElementsAre(25001, 25003));
    EXPECT_EQ(page->total, 3);
    expect_done(tx.put_session({.id_hash = digest_of(1), .user_id = kAnn}));
    EXPECT_TRUE(tx.find_session(digest_of(1))->has_value());
    expect_done(tx.end_sessions_of(kAnn, std::nullopt));
    EXPECT_FALSE(tx.find_session(digest_of(1))->has_value());
    expect_done(tx.put_credential(kBob, {.password_hash = "h"}));
    EXPECT_EQ(tx.find_credential(kBob)->value().password_hash, "h");
    Domain renamed = *tx.domain();
    renamed.name = "example.org";
    expect_done(tx.put_domain(renamed));
    EXPECT_EQ(tx.domain()->name, "example.org");
    return {};
  }));
}

TEST_P(StoreConformance, AUserWrittenTwiceInOneTransactionHasOneAuditRow) {
  create(store(), {dt::make_user(25001)});
  const Actor actor = actor_at(3);
  expect_done(store().write(actor, [&](Transaction& tx) -> Result<void> {
    expect_done(edit_in(tx, {kAnn}, actor, [](User& user) { set_title(user, "One"); }));
    return edit_in(tx, {kAnn}, actor, [](User& user) { set_title(user, "Two"); });
  }));
  now_and_after_restart([&] {
    const auto page = domain_trail(store());
    ASSERT_EQ(page.total, 2);
    EXPECT_THAT(change_texts(page.rows[0]), ElementsAre("user_title__v:  -> Two"));
  });
}

TEST_P(StoreConformance, CountsActiveDomainAdmins) {
  seed_domain(store());
  auto former = dt::make_first_admin(25003);
  former->domain_active = false;
  create(store(), {dt::make_first_admin(25001), dt::make_first_admin(25002), former});
  now_and_after_restart([&] {
    expect_done(store().write(actor_at(9), [](Transaction& tx) -> Result<void> {
      EXPECT_EQ(tx.count_active_domain_admins(), 2);
      return {};
    }));
  });
  edit(store(), kAnn, 1, [](User& user) { user.is_domain_admin = false; });
  edit(store(), kCid, 2, [](User& user) { user.domain_active = true; });
  edit(store(), kBob, 3, [](User& user) { user.domain_active = false; });
  expect_done(store().write(actor_at(9), [](Transaction& tx) -> Result<void> {
    EXPECT_EQ(tx.count_active_domain_admins(), 1);
    return {};
  }));
}

TEST_P(StoreConformance, IdsAreFreshAscendingAndNeverGivenTwice) {
  create(store(), {dt::make_user(25001)});
  std::vector<UserId> given;
  const auto allocate = [&](bool succeed) {
    const auto done = store().write(actor_at(1), [&](Transaction& tx) -> Result<void> {
      const auto ids = tx.allocate_user_ids(3);
      if (!ids) return std::unexpected(ids.error());
      given.insert(given.end(), ids->begin(), ids->end());
      if (!succeed) return fail(ErrorType::kInvalidData, "no");
      return {};
    });
    EXPECT_EQ(done.has_value(), succeed);
  };
  allocate(false);
  allocate(true);
  harness_->reopen();
  allocate(true);
  ASSERT_THAT(given, SizeIs(9));
  EXPECT_GT(given.front(), kAnn);
  for (std::size_t i = 1; i < given.size(); ++i) EXPECT_LT(given[i - 1], given[i]);
}

// Lists ------------------------------------------------------------------------------------

TEST_P(StoreLists, TheDefaultIsByIdAscending) {
  EXPECT_THAT(ids({}), ElementsAre(101, 102, 103, 104, 105, 106, 107, 108, 109, 110));
  EXPECT_THAT(ids({.descending = true, .start = 1, .limit = 3}), ElementsAre(109, 108, 107));
}

TEST_P(StoreLists, PagesHaveTheTotalOfTheWholeList) {
  const UserPage page = list({.start = 8, .limit = 5});
  EXPECT_THAT(ids_of(page.users), ElementsAre(109, 110));
  EXPECT_EQ(page.total, 10);
  const UserPage beyond = list({.start = 50, .limit = 5});
  EXPECT_THAT(beyond.users, IsEmpty());
  EXPECT_EQ(beyond.total, 10);
  EXPECT_THAT(list({.start = 0, .limit = 0}).users, IsEmpty());
}

TEST_P(StoreLists, AVaultFilterKeepsMembersActiveOrNot) {
  EXPECT_THAT(ids({.vaults = {{dt::kClinical}}}), ElementsAre(103, 106, 109));
  const UserPage either =
      list({.vaults = {{dt::kClinical, dt::kQuality}}, .descending = true, .start = 1, .limit = 2});
  EXPECT_THAT(ids_of(either.users), ElementsAre(107, 106));
  EXPECT_EQ(either.total, 6);
  EXPECT_THAT(list({.vaults = {{dt::kArchive}}}).users, IsEmpty());
  EXPECT_EQ(list({.vaults = std::vector<VaultId>{}}).total, 0);
}

TEST_P(StoreLists, TextsSortWithoutCaseAndUnsetOnesFirst) {
  EXPECT_THAT(ids({.sort = FieldId::kTitle}),
              ElementsAre(104, 110, 109, 108, 107, 106, 105, 103, 102, 101));
  EXPECT_THAT(ids({.sort = FieldId::kTitle, .descending = true, .start = 2, .limit = 4}),
              ElementsAre(103, 105, 106, 107));
}

TEST_P(StoreLists, TiesComeByIdAscendingInBothDirections) {
  EXPECT_THAT(ids({.sort = FieldId::kIsDomainAdmin, .descending = true, .limit = 4}),
              ElementsAre(108, 101, 102, 103));
  EXPECT_THAT(ids({.sort = FieldId::kModifiedDate}),
              ElementsAre(103, 107, 102, 106, 110, 101, 105, 109, 104, 108));
  EXPECT_THAT(ids({.sort = FieldId::kModifiedDate, .descending = true, .limit = 3}),
              ElementsAre(104, 108, 101));
}

TEST_P(StoreLists, AUserWhoNeverLoggedInComesBeforeThoseWhoDid) {
  EXPECT_THAT(ids({.sort = FieldId::kLastLogin, .start = 8}), ElementsAre(110, 102));
}

TEST_P(StoreLists, AScanSeesTheMembersOfItsVaultInTheOrderOfIds) {
  EXPECT_THAT(scanned({.vault = dt::kQuality}), ElementsAre(101, 103, 105, 107, 109));
  EXPECT_THAT(scanned({.vault = dt::kClinical}), ElementsAre(103, 106, 109));
  EXPECT_THAT(scanned({.vault = dt::kArchive}), IsEmpty());
}

TEST_P(StoreLists, AScanFiltersAndCountsWhateverThePage) {
  const UserScan wanted{.vault = dt::kQuality,
                        .filter = UserFilter::number(FieldId::kId, {.low = 103, .high = 108}),
                        .start = 1,
                        .limit = 1};
  EXPECT_THAT(scanned(wanted), ElementsAre(105));
  EXPECT_EQ(scan(wanted).total, 3);
  EXPECT_EQ(scan({.vault = dt::kQuality, .limit = 0}).total, 5);
  EXPECT_THAT(scan({.vault = dt::kQuality, .start = 99}).users, IsEmpty());
}

TEST_P(StoreLists, AScanSortsBySeveralKeysThenById) {
  using Key = UserScan::SortKey;
  EXPECT_THAT(scanned({.vault = dt::kQuality, .order = {Key{FieldId::kTitle}}}),
              ElementsAre(109, 107, 105, 103, 101));
  EXPECT_THAT(scanned({.vault = dt::kQuality,
                       .order = {Key{FieldId::kModifiedDate, true}, Key{FieldId::kId, true}}}),
              ElementsAre(109, 105, 101, 107, 103));
  EXPECT_THAT(scanned({.vault = dt::kQuality,
                       .order = {Key{FieldId::kModifiedDate, true}},
                       .start = 1,
                       .limit = 3}),
              ElementsAre(105, 109, 103));
  EXPECT_THAT(scanned({.vault = dt::kClinical, .order = {Key{FieldId::kActive, true}}}),
              ElementsAre(103, 106, 109));
}

TEST_P(StoreLists, AScanInATransactionSeesItsOwnWrites) {
  std::vector<std::int32_t> seen;
  const auto done = store().write({}, [&](Transaction& transaction) -> Result<void> {
    const auto before = transaction.find_users(std::vector{UserId{102}});
    auto after = std::make_shared<User>(*before->front());
    after->set_membership({.vault_id = dt::kArchive});
    if (auto put = transaction.put_users({{before->front(), after}}); !put) return put;
    const auto page = transaction.scan_users({.vault = dt::kArchive});
    if (!page) return std::unexpected(page.error());
    seen = ids_of(page->users);
    return {};
  });
  EXPECT_TRUE(done.has_value());
  EXPECT_THAT(seen, ElementsAre(102));
}

TEST_P(StoreLists, MembershipFieldsAreThoseOfTheSessionVault) {
  const UserQuery query{.vaults = {{dt::kClinical}},
                        .sort = FieldId::kActive,
                        .descending = true,
                        .session_vault = dt::kClinical};
  EXPECT_THAT(ids(query), ElementsAre(103, 106, 109));
  EXPECT_THAT(ids({.sort = FieldId::kLicenseType,
                   .descending = true,
                   .session_vault = dt::kClinical,
                   .limit = 4}),
              ElementsAre(103, 106, 109, 101));
  EXPECT_THAT(ids({.sort = FieldId::kSecurityProfile,
                   .descending = true,
                   .session_vault = dt::kQuality,
                   .limit = 6}),
              ElementsAre(101, 103, 105, 107, 109, 102));
}

// Sessions and credentials -----------------------------------------------------------------

Session session_of(int number, UserId user, UserId delegate = {}) {
  return {.id_hash = digest_of(number),
          .user_id = user,
          .vault_id = dt::kQuality,
          .delegate_user_id = delegate,
          .created = dt::kNoon,
          .last_activity = dt::kNoon + std::chrono::minutes(number)};
}

void put_sessions(Store& store, const std::vector<Session>& sessions) {
  expect_done(store.write(actor_at(0, "Log in"), [&](Transaction& tx) -> Result<void> {
    for (const Session& session : sessions) expect_done(tx.put_session(session));
    return {};
  }));
}

std::optional<Session> session_in(Store& store, int number) {
  return ask(store, [&](Reader& reader) { return reader.find_session(digest_of(number)); });
}

TEST_P(StoreConformance, SessionsAreKeptReplacedAndEnded) {
  put_sessions(store(), {session_of(1, kAnn), session_of(2, kAnn, kBob)});
  Session touched = session_of(1, kAnn);
  touched.last_activity += std::chrono::minutes(10);
  put_sessions(store(), {touched});
  now_and_after_restart([&] {
    EXPECT_EQ(session_in(store(), 1), touched);
    EXPECT_EQ(session_in(store(), 2), session_of(2, kAnn, kBob));
    EXPECT_EQ(session_in(store(), 3), std::nullopt);
  });
  expect_done(
      store().write(actor_at(1), [](Transaction& tx) { return tx.end_session(digest_of(1)); }));
  now_and_after_restart([&] {
    EXPECT_EQ(session_in(store(), 1), std::nullopt) << "no session survives its end";
    EXPECT_TRUE(session_in(store(), 2));
  });
}

TEST_P(StoreConformance, EndingAUsersSessionsCoversDelegatedOnesAndSparesTheException) {
  put_sessions(store(), {session_of(1, kAnn), session_of(2, kAnn), session_of(3, kBob, kAnn),
                         session_of(4, kBob), session_of(5, kAnn)});
  expect_done(store().write(actor_at(1), [](Transaction& tx) -> Result<void> {
    expect_done(tx.put_session(session_of(6, kAnn)));
    return tx.end_sessions_of(kAnn, digest_of(2));
  }));
  now_and_after_restart([&] {
    std::vector<int> alive;
    for (const int number : {1, 2, 3, 4, 5, 6}) {
      if (session_in(store(), number)) alive.push_back(number);
    }
    EXPECT_THAT(alive, ElementsAre(2, 4));
  });
}

TEST_P(StoreConformance, EndingAnUnknownSessionIsNoError) {
  expect_done(
      store().write(actor_at(1), [](Transaction& tx) { return tx.end_session(digest_of(1)); }));
}

TEST_P(StoreConformance, StaleSessionsComeLongestIdleFirst) {
  Session old = session_of(9, kBob);
  old.created -= std::chrono::hours(49);
  put_sessions(store(), {session_of(3, kAnn), session_of(1, kAnn), session_of(2, kBob), old});
  const auto numbers = [](const std::vector<Session>& sessions) {
    std::vector<int> result;
    result.reserve(sessions.size());
    for (const Session& session : sessions) result.push_back(session.id_hash[0]);
    return result;
  };
  const Timestamp idle = dt::kNoon + std::chrono::minutes(3);
  const Timestamp created = dt::kNoon - std::chrono::hours(48);
  const auto stale = [&](std::size_t limit) {
    return numbers(
        ask(store(), [&](Reader& r) { return r.find_stale_sessions(idle, created, limit); }));
  };
  EXPECT_THAT(stale(10), ElementsAre(1, 2, 9));
  EXPECT_THAT(stale(2), ElementsAre(1, 2));
  expect_done(store().write(actor_at(1), [&](Transaction& tx) -> Result<void> {
    expect_done(tx.end_session(digest_of(1)));
    expect_done(tx.put_session(session_of(0, kAnn)));
    EXPECT_THAT(numbers(*tx.find_stale_sessions(idle, created, 10)), ElementsAre(0, 2, 9));
    return {};
  }));
}

TEST_P(StoreConformance, CredentialsKeepEveryPart) {
  const Credential full{.password_hash = "$argon2id$new",
                        .password_changed = dt::kNoon,
                        .history = {"$argon2id$old", "$argon2id$older"},
                        .failures = 3,
                        .locked_until = dt::kNoon + std::chrono::minutes(30),
                        .last_vault = dt::kClinical};
  Credential plain{.password_hash = "$argon2id$b"};
  expect_done(store().write(actor_at(1), [&](Transaction& tx) -> Result<void> {
    expect_done(tx.put_credential(kAnn, plain));
    return tx.put_credential(kBob, plain);
  }));
  expect_done(
      store().write(actor_at(2), [&](Transaction& tx) { return tx.put_credential(kAnn, full); }));
  now_and_after_restart([&] {
    EXPECT_EQ(ask(store(), [](Reader& r) { return r.find_credential(kAnn); }), full);
    EXPECT_EQ(ask(store(), [](Reader& r) { return r.find_credential(kBob); }), plain);
    EXPECT_EQ(ask(store(), [](Reader& r) { return r.find_credential(kCid); }), std::nullopt);
  });
  EXPECT_EQ(domain_trail(store()).total, 0) << "passwords are not in the domain trail";
}

TEST_P(StoreConformance, TheLastLoginIsNoChangeOfTheUser) {
  const auto ann = dt::make_user(25001);
  create(store(), {ann});
  expect_done(store().write(
      actor_at(7), [](Transaction& tx) { return tx.set_last_login(kAnn, actor_at(7).at); }));
  now_and_after_restart([&] {
    const UserPtr kept = user_of(store(), kAnn);
    EXPECT_EQ(kept->last_login, actor_at(7).at);
    EXPECT_EQ(kept->modified_date, ann->modified_date);
    EXPECT_EQ(kept->modified_by, ann->modified_by);
    EXPECT_EQ(domain_trail(store()).total, 1);
  });
}

TEST_P(StoreConformance, TheDomainIsReplacedAsAWhole) {
  EXPECT_TRUE(
      ask(store(), [](Reader& r) { return Result<DomainPtr>(r.domain()); })->vaults.empty());
  Domain domain = dt::small_domain_value();
  domain.groups = {{GroupId{1LL << 40}, "g__c", "Group", "of \"all\"", false, true, {kAnn, kBob}}};
  domain.groups[0].security_profiles = {"document_user__v", "author__c"};
  domain.groups[0].allow_delegation = true;
  domain.groups[0].created_by = kAnn;
  domain.groups[0].modified_by = kBob;
  domain.groups[0].created_date = dt::kNoon;
  domain.groups[0].modified_date = dt::kNoon + std::chrono::hours{1};
  domain.last_group_id = GroupId{1LL << 41};
  domain.delegations = {{dt::kQuality, kAnn, kBob}};
  domain.licenses = {{LicenseType::kLearner, 25}};
  domain.policies[0].expiration_days = 90;
  domain.policies[0].history_reuse = 5;
  domain.policies[1].sso = true;
  expect_done(store().write(actor_at(0), [&](Transaction& tx) { return tx.put_domain(domain); }));
  now_and_after_restart([&] {
    const DomainPtr kept = ask(store(), [](Reader& r) { return Result<DomainPtr>(r.domain()); });
    EXPECT_EQ(kept->id, domain.id);
    EXPECT_EQ(kept->name, "example.com");
    ASSERT_THAT(kept->vaults, SizeIs(3));
    EXPECT_EQ(kept->vaults[1].dns, "clinical.example.com");
    EXPECT_THAT(kept->vaults[1].applications, ElementsAre("exampleDocs_v"));
    EXPECT_FALSE(kept->vaults[2].active);
    ASSERT_THAT(kept->policies, SizeIs(3));
    EXPECT_EQ(kept->policies[0].expiration_days, 90);
    EXPECT_EQ(kept->policies[0].history_reuse, 5);
    EXPECT_TRUE(kept->policies[1].sso);
    EXPECT_EQ(kept->policies[1].min_length, 12);
    EXPECT_FALSE(kept->policies[2].active);
    EXPECT_EQ(kept->profile_name(ProfileIndex{7}), dt::kCustomProfile);
    EXPECT_EQ(kept->groups, domain.groups);
    EXPECT_EQ(kept->last_group_id, domain.last_group_id);
    ASSERT_THAT(kept->delegations, SizeIs(1));
    EXPECT_EQ(kept->delegations[0].delegate, kBob);
    ASSERT_THAT(kept->licenses, SizeIs(1));
    EXPECT_EQ(kept->licenses[0].licensed, 25);
  });
}

// Audit ------------------------------------------------------------------------------------

TEST_P(StoreConformance, AChangeLeavesOneRowWithOldAndNewValues) {
  seed_domain(store());
  create(store(), {dt::make_member(25001, dt::kQuality)});
  Actor actor = actor_at(5);
  actor.on_behalf_of = "boss@example.com";
  expect_done(try_edit(store(), {kAnn}, actor, [](User& user) {
    set_title(user, "Head of \"Q\"\n");
    user.domain_active = false;
    user.set_membership({dt::kQuality, kVaultOwner, LicenseType::kFull, true});
    user.set_membership({dt::kClinical, kReadOnlyUser, LicenseType::kReadOnly, false});
  }));
  now_and_after_restart([&] {
    const auto page = domain_trail(store());
    ASSERT_EQ(page.total, 2);
    const DomainAuditRow& row = page.rows[0];
    EXPECT_EQ(row.timestamp, actor.at);
    EXPECT_EQ(row.user_name, "ann@example.com");
    EXPECT_EQ(row.full_name, "Ann Lee");
    EXPECT_EQ(row.on_behalf_of, "boss@example.com");
    EXPECT_EQ(row.action, "Update Users");
    EXPECT_EQ(row.execution_id, actor.execution_id);
    EXPECT_EQ(row.item, "user25001@example.com");
    EXPECT_EQ(row.item_id, kAnn);
    EXPECT_THAT(change_texts(row),
                ElementsAre("user_title__v:  -> Head of \"Q\"\n", "domain_active__v: true -> false",
                            "vault_membership[3003].security_profile__v: document_user__v -> "
                            "vault_owner__v",
                            "vault_membership[4112].active__v:  -> false",
                            "vault_membership[4112].security_profile__v:  -> read_only_user__v",
                            "vault_membership[4112].license_type__v:  -> read_only__v"));
    EXPECT_GT(row.id, page.rows[1].id);
    EXPECT_EQ(page.rows[1].action, "Create Users");
    EXPECT_EQ(page.rows[1].changes.front().field, "user_name__v");
    EXPECT_EQ(page.rows[1].changes.front().new_value, "user25001@example.com");
  });
}

TEST_P(StoreConformance, AWriteWithoutADifferenceLeavesNoRow) {
  create(store(), {dt::make_user(25001)});
  edit(store(), kAnn, 1, [](User&) {});
  now_and_after_restart([&] {
    EXPECT_EQ(domain_trail(store()).total, 1);
    EXPECT_EQ(user_of(store(), kAnn)->modified_date, actor_at(1).at) << "stored all the same";
  });
}

// A new password is no field, and must not go unseen.
TEST_P(StoreConformance, AWriteThatAsksForARowLeavesOneWithoutADifference) {
  create(store(), {dt::make_user(25001), dt::make_user(25002)});
  const auto change = [](Transaction& tx, UserId id, bool leaves_row) {
    const UserPtr before = tx.find_users(std::vector{id})->front();
    auto after = std::make_shared<User>(*before);
    after->modified_date = actor_at(1).at;
    return tx.put_users({{.before = before, .after = after, .leaves_row = leaves_row}});
  };
  expect_done(store().write(actor_at(1, "Change Password"), [&](Transaction& tx) -> Result<void> {
    if (auto done = change(tx, kBob, false); !done) return done;
    if (auto done = change(tx, kAnn, true); !done) return done;
    return change(tx, kAnn, false);  // a later write does not take it back
  }));
  now_and_after_restart([&] {
    const auto page = domain_trail(store());
    ASSERT_EQ(page.total, 3);
    ASSERT_THAT(page.rows, SizeIs(3));
    EXPECT_EQ(page.rows[0].action, "Change Password");
    EXPECT_EQ(page.rows[0].item_id, kAnn);
    EXPECT_THAT(page.rows[0].changes, IsEmpty());
    EXPECT_EQ(page.rows[1].action, "Create Users");
    for (const UserId id : {kAnn, kBob}) {
      EXPECT_EQ(user_of(store(), id)->modified_date, actor_at(1).at);
      EXPECT_EQ(user_of(store(), id)->modified_by, user_of(store(), kBob)->modified_by);
    }
  });
}

TEST_P(StoreConformance, AGroupThatIsMadeChangedOrDeletedLeavesARow) {
  seed_domain(store());
  const auto put_groups = [&](int minute, std::string action, std::vector<Group> groups) {
    expect_done(store().write(actor_at(minute, std::move(action)), [&](Transaction& tx) {
      Domain domain = *tx.domain();
      domain.groups = groups;
      return tx.put_domain(std::move(domain));
    }));
  };
  Group writers{GroupId{1001}, "writers__c", "Writers", "of \"all\"", true, false, {kAnn, kBob}};
  const Group readers{GroupId{1002}, "readers__c", "Readers", "", true, false};
  put_groups(1, "Create Group", {writers});
  writers.label = "Authors";
  writers.members = {kBob, kCid};
  writers.security_profiles = {"document_user__v", "author__c"};
  writers.modified_date = actor_at(2).at;
  put_groups(2, "Update Group", {writers, readers});
  put_groups(3, "Rename Domain", {writers, readers});
  writers.modified_date = actor_at(4).at;
  put_groups(4, "Touch Group", {writers, readers});
  put_groups(5, "Delete Group", {readers});
  now_and_after_restart([&] {
    const auto page = domain_trail(store());
    ASSERT_EQ(page.total, 4);
    ASSERT_THAT(page.rows, SizeIs(4));
    EXPECT_EQ(page.rows[0].action, "Delete Group");
    EXPECT_EQ(page.rows[0].item, "Authors");
    EXPECT_THAT(change_texts(page.rows[0]),
                ElementsAre("label__v: Authors -> ", "group_description__v: of \"all\" -> ",
                            "members__v: 25002,25003 -> ",
                            "security_profiles__v: document_user__v,author__c -> ",
                            "active__v: true -> ", "allow_delegation_among_members__v: false -> "));
    EXPECT_EQ(page.rows[1].item, "Readers");
    EXPECT_EQ(page.rows[2].item, "Authors");
    EXPECT_EQ(page.rows[2].action, "Update Group");
    EXPECT_EQ(page.rows[2].user_name, "ann@example.com");
    EXPECT_EQ(page.rows[2].timestamp, actor_at(2).at);
    EXPECT_EQ(page.rows[2].execution_id, actor_at(2).execution_id);
    EXPECT_EQ(page.rows[2].item_id, UserId{});
    EXPECT_THAT(change_texts(page.rows[2]),
                ElementsAre("label__v: Writers -> Authors", "members__v: 25001 -> 25003",
                            "security_profiles__v:  -> document_user__v,author__c"));
    EXPECT_EQ(page.rows[3].item, "Writers");
    EXPECT_EQ(page.rows[3].changes.front().new_value, "Writers");
    for (std::size_t i = 1; i < page.rows.size(); ++i)
      EXPECT_EQ(page.rows[i - 1].id, page.rows[i].id + 1);
  });
}

TEST_P(StoreConformance, TheTrailIsPagedNewestFirstWithinAPeriod) {
  std::vector<std::shared_ptr<User>> users;
  users.reserve(4);
  for (int i = 0; i < 4; ++i) users.push_back(dt::make_user(25001 + i));
  create(store(), users, 0);
  for (int minute = 1; minute <= 3; ++minute) {
    expect_done(try_edit(store(), {kAnn, kBob, kCid}, actor_at(minute),
                         [&](User& user) { set_title(user, "Title " + std::to_string(minute)); }));
  }
  now_and_after_restart([&] {
    AuditQuery query{.from = actor_at(1).at, .to = actor_at(2).at, .offset = 0, .limit = 4};
    const auto page = domain_trail(store(), query);
    EXPECT_EQ(page.total, 6);
    std::vector<std::string> seen;
    seen.reserve(page.rows.size());
    for (const auto& row : page.rows) {
      seen.push_back(row.changes[0].new_value + " " + to_string(row.item_id));
    }
    EXPECT_THAT(seen,
                ElementsAre("Title 2 25003", "Title 2 25002", "Title 2 25001", "Title 1 25003"));
    query.offset = 4;
    const auto rest = domain_trail(store(), query);
    ASSERT_THAT(rest.rows, SizeIs(2));
    EXPECT_EQ(rest.total, 6);
    EXPECT_EQ(rest.rows[1].item_id, kAnn);
    query.offset = 6;
    EXPECT_THAT(domain_trail(store(), query).rows, IsEmpty());
    query.from = query.to = actor_at(40).at;
    EXPECT_EQ(domain_trail(store(), query).total, 0);
    const auto all = domain_trail(store());
    EXPECT_EQ(all.total, 13);
    for (std::size_t i = 1; i < all.rows.size(); ++i)
      EXPECT_EQ(all.rows[i - 1].id, all.rows[i].id + 1);
  });
}

// Callers read the clock before they wait for their turn to write.
TEST_P(StoreConformance, TheTrailOfOneUserIsPagedLikeThatOfAll) {
  // An id that begins like another one's, and texts that look like an entry of the user.
  create(store(), {dt::make_user(25001), dt::make_user(250010), dt::make_user(2500)}, 0);
  const UserId longer{250010};
  edit(store(), longer, 1, [](User& user) { set_title(user, "[25001,\""); });
  for (int minute = 2; minute <= 4; ++minute) {
    expect_done(try_edit(store(), {longer, kAnn}, actor_at(minute),
                         [&](User& user) { set_title(user, "Title " + std::to_string(minute)); }));
  }
  now_and_after_restart([&] {
    AuditQuery query = whole_trail();
    query.item = kAnn;
    EXPECT_EQ(domain_trail(store(), query).total, 4);
    query.from = actor_at(2).at;
    query.offset = 1;
    query.limit = 1;
    const auto page = domain_trail(store(), query);
    EXPECT_EQ(page.total, 3);
    ASSERT_THAT(page.rows, SizeIs(1));
    EXPECT_EQ(page.rows[0].item_id, kAnn);
    EXPECT_EQ(page.rows[0].changes[0].new_value, "Title 3");
    query.item = kCid;
    EXPECT_EQ(domain_trail(store(), query).total, 0);
  });
}

TEST_P(StoreConformance, TheTrailIsInTheOrderOfTheCommitsWhateverTheClockSaid) {
  create(store(), {dt::make_user(25001)}, 0);
  edit(store(), kAnn, 5, [](User& user) { set_title(user, "first"); });
  edit(store(), kAnn, 2, [](User& user) { set_title(user, "second"); });
  now_and_after_restart([&] {
    const auto page = domain_trail(store());
    ASSERT_EQ(page.total, 3);
    EXPECT_EQ(page.rows[0].changes[0].old_value, "first");
    EXPECT_EQ(page.rows[0].changes[0].new_value, "second");
    EXPECT_EQ(page.rows[1].changes[0].new_value, "first");
  });
}

TEST_P(StoreLists, AllUsersCanBeWalkedInPieces) {
  const auto after = [&](Reader& reader, int id, std::size_t limit) {
    return reader.users_after(UserId{id}, limit);
  };
  EXPECT_THAT(testing::ids_of(ask(store(), [&](Reader& reader) { return after(reader, 0, 3); })),
              ElementsAre(101, 102, 103));
  EXPECT_THAT(testing::ids_of(ask(store(), [&](Reader& reader) { return after(reader, 103, 2); })),
              ElementsAre(104, 105));
  EXPECT_THAT(testing::ids_of(ask(store(), [&](Reader& reader) { return after(reader, 108, 9); })),
              ElementsAre(109, 110));
  EXPECT_THAT(ask(store(), [&](Reader& reader) { return after(reader, 110, 9); }), IsEmpty());
  expect_done(store().write(actor_at(1), [&](Transaction& tx) -> Result<void> {
    expect_done(tx.put_users({{nullptr, dt::make_user(106'000)}}));
    EXPECT_THAT(testing::ids_of(after(tx, 109, 9).value()), ElementsAre(110, 106'000));
    return {};
  }));
}

// Bulk calls -------------------------------------------------------------------------------

Batch make_batch(int minute, VaultId vault = dt::kQuality) {
  return {.id = "batch-" + std::to_string(minute),
          .user_id = kAnn,
          .vault_id = vault,
          .operation = "update",
          .started = actor_at(minute).at,
          .finished = actor_at(minute).at + std::chrono::milliseconds(7),
          .records = 6,
          .succeeded = 1,
          .failed = 2,
          .unchanged = 3,
          .client_id = "client",
          .reference_id = "reference",
          .undone_by = ""};
}

void put_batch(Store& store, const Batch& batch) {
  expect_done(store.write(actor_at(0), [&](Transaction& tx) { return tx.put_batch(batch); }));
}

std::vector<std::string> ids_of(const BatchPage& page) {
  std::vector<std::string> ids;
  ids.reserve(page.batches.size());
  for (const Batch& batch : page.batches) ids.push_back(batch.id);
  return ids;
}

BatchPage batches(Store& store, const BatchQuery& query) {
  return ask(store, [&](Reader& reader) { return reader.list_batches(query); });
}

TEST_P(StoreConformance, BatchesAreListedNewestFirstOfOneVaultOrAll) {
  for (int minute = 1; minute <= 4; ++minute) {
    put_batch(store(), make_batch(minute, minute == 3 ? dt::kClinical : dt::kQuality));
  }
  now_and_after_restart([&] {
    EXPECT_THAT(ids_of(batches(store(), {})),
                ElementsAre("batch-4", "batch-3", "batch-2", "batch-1"));
    const BatchPage page = batches(store(), {.vault = dt::kQuality, .start = 1, .limit = 1});
    EXPECT_THAT(ids_of(page), ElementsAre("batch-2"));
    EXPECT_EQ(page.total, 3);
    EXPECT_EQ(page.batches[0], make_batch(2));
    EXPECT_THAT(ids_of(batches(store(), {.start = 2})), ElementsAre("batch-2", "batch-1"));
    EXPECT_THAT(ids_of(batches(store(), {.start = 9})), ElementsAre());
    EXPECT_EQ(ask(store(), [](Reader& reader) { return reader.find_batch("batch-3"); }),
              make_batch(3, dt::kClinical));
    EXPECT_EQ(ask(store(), [](Reader& reader) { return reader.find_batch("batch-9"); }),
              std::nullopt);
  });
}

TEST_P(StoreConformance, ABatchKnowsWhatItChangedAndWhoTookItBack) {
  create(store(), {dt::make_user(25001), dt::make_user(25002)}, 0);
  Actor actor = actor_at(5);
  actor.execution_id = "batch-5";
  expect_done(store().write(actor, [&](Transaction& tx) -> Result<void> {
    expect_done(edit_in(tx, {kBob, kAnn}, actor, [](User& user) { set_title(user, "New"); }));
    return tx.put_batch(make_batch(5));
  }));
  expect_done(store().write(actor_at(6),
                            [](Transaction& tx) { return tx.mark_undone("batch-5", "batch-6"); }));
  now_and_after_restart([&] {
    const auto batch = ask(store(), [](Reader& reader) { return reader.find_batch("batch-5"); });
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->undone_by, "batch-6");
    const auto rows = ask(store(), [](Reader& reader) { return reader.audit_of_batch("batch-5"); });
    ASSERT_THAT(rows, SizeIs(2));
    EXPECT_EQ(rows[0].item_id, kBob);
    EXPECT_EQ(rows[1].item_id, kAnn);
    EXPECT_FALSE(rows[1].is_new);
    EXPECT_THAT(change_texts(rows[1]), ElementsAre("user_title__v:  -> New"));
    EXPECT_THAT(ask(store(), [](Reader& reader) { return reader.audit_of_batch("batch-9"); }),
                IsEmpty());
  });
}

TEST_P(StoreConformance, ARowSaysWhetherTheUserIsNew) {
  Actor actor = actor_at(1);
  actor.execution_id = "batch-1";
  expect_done(store().write(actor, [&](Transaction& tx) -> Result<void> {
    expect_done(tx.put_users({{nullptr, dt::make_user(25001)}}));
    return tx.put_batch(make_batch(1));
  }));
  now_and_after_restart([&] {
    const auto rows = ask(store(), [](Reader& reader) { return reader.audit_of_batch("batch-1"); });
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_TRUE(rows[0].is_new);
  });
}

KeptAnswer make_answer(std::uint8_t key, int minute, std::string text) {
  return {.key = {key}, .body = {7, key}, .at = actor_at(minute).at, .text = std::move(text)};
}

std::optional<KeptAnswer> kept(Store& store, std::uint8_t key) {
  return ask(store, [&](Reader& reader) { return reader.find_answer(Digest{key}); });
}

TEST_P(StoreConformance, AnswersAreKeptReplacedAndForgotten) {
  const auto keep = [&](const KeptAnswer& answer) {
    expect_done(
        store().write(actor_at(0), [&](Transaction& tx) { return tx.keep_answer(answer); }));
  };
  keep(make_answer(1, 1, "{\"one\":\"\\\"\"}"));
  keep(make_answer(2, 2, "two"));
  keep(make_answer(3, 3, "three"));
  keep(make_answer(2, 4, "again"));
  expect_done(store().write(actor_at(9),
                            [](Transaction& tx) { return tx.forget_answers(actor_at(3).at); }));
  now_and_after_restart([&] {
    EXPECT_EQ(kept(store(), 1), std::nullopt);
    EXPECT_EQ(kept(store(), 2), make_answer(2, 4, "again"));
    EXPECT_EQ(kept(store(), 3), make_answer(3, 3, "three"));
  });
}

TEST_P(StoreConformance, ARefusedTransactionIsNoBatchAndKeepsNoAnswer) {
  const Result<void> refused = store().write(actor_at(1), [](Transaction& tx) -> Result<void> {
    expect_done(tx.put_batch(make_batch(1)));
    expect_done(tx.keep_answer(make_answer(1, 1, "one")));
    return fail(ErrorType::kInvalidData, "no");
  });
  EXPECT_FALSE(refused);
  now_and_after_restart([&] {
    EXPECT_EQ(batches(store(), {}).total, 0);
    EXPECT_EQ(kept(store(), 1), std::nullopt);
  });
}

TEST_P(StoreConformance, LoginsAreKeptAndPagedNewestFirst) {
  for (int minute = 1; minute <= 3; ++minute) {
    expect_done(store().write(actor_at(minute, "Log in"), [&](Transaction& tx) {
      return tx.append_login({.timestamp = actor_at(minute).at,
                              .user_id = kAnn,
                              .user_name = "ann@example.com",
                              .full_name = "Ann Lee",
                              .source_ip = "192.0.2." + std::to_string(minute),
                              .type = "User Login",
                              .status = "Success"});
    }));
  }
  now_and_after_restart([&] {
    AuditQuery query = whole_trail();
    query.offset = 1;
    query.limit = 1;
    const auto page = login_trail(store(), query);
    EXPECT_EQ(page.total, 3);
    ASSERT_THAT(page.rows, SizeIs(1));
    const LoginAuditRow& row = page.rows[0];
    EXPECT_EQ(row.id, 2);
    EXPECT_EQ(row.timestamp, actor_at(2).at);
    EXPECT_EQ(row.user_id, kAnn);
    EXPECT_EQ(row.user_name, "ann@example.com");
    EXPECT_EQ(row.full_name, "Ann Lee");
    EXPECT_EQ(row.source_ip, "192.0.2.2");
    EXPECT_EQ(row.type, "User Login");
    EXPECT_EQ(row.status, "Success");
    EXPECT_EQ(row.browser, "Unknown");
    EXPECT_EQ(login_trail(store(), {.from = actor_at(3).at, .to = actor_at(9).at}).total, 1);
  });
}

TEST_P(StoreConformance, InitialisedIsWhatMarkInitialisedSaid) {
  EXPECT_FALSE(store().initialised());
  EXPECT_FALSE(store().failed());
  expect_done(store().mark_initialised());
  now_and_after_restart([&] { EXPECT_TRUE(store().initialised()); });
}

// Threads ----------------------------------------------------------------------------------

constexpr int kWriters = 8;
constexpr int kRounds = 40;
constexpr int kUsersPerWriter = 5;

// Every transaction of writer w gives his users one and the same title, "w:round", and counts a
// round in the shared user's title.
TEST_P(StoreConformance, ConcurrentWritersAndReadersSeeWholeTransactionsOnly) {
  constexpr UserId kShared{900};
  auto shared = dt::make_user(900);
  shared->set_text(FieldId::kTitle, "0");
  std::vector<std::shared_ptr<User>> users{shared};
  const auto id_of = [](int writer, int user) { return UserId{1000 + writer * 10 + user}; };
  for (int w = 0; w < kWriters; ++w) {
    for (int u = 0; u < kUsersPerWriter; ++u) users.push_back(dt::make_user(id_of(w, u).value));
  }
  create(store(), users);

  const auto write_rounds = [&](int writer) {
    std::vector<UserId> ids;
    ids.reserve(kUsersPerWriter);
    for (int u = 0; u < kUsersPerWriter; ++u) ids.push_back(id_of(writer, u));
    for (int round = 1; round <= kRounds; ++round) {
      const Actor actor = actor_at(round);
      expect_done(store().write(actor, [&](Transaction& tx) -> Result<void> {
        expect_done(
            edit_in(tx, ids, actor, [&](User& user) { set_title(user, std::to_string(round)); }));
        return edit_in(tx, {kShared}, actor, [](User& user) {
          set_title(user, std::to_string(std::stoi(std::string(user.text(FieldId::kTitle))) + 1));
        });
      }));
      EXPECT_EQ(user_of(store(), ids[0])->text(FieldId::kTitle), std::to_string(round))
          << "what write() acknowledged is what a reader sees";
    }
  };
  std::atomic<bool> done = false;
  std::atomic<int> looks = 0;
  const auto read_all = [&] {
    while (!done || looks == 0) {
      expect_done(store().read([&](Reader& reader) -> Result<void> {
        int rounds = 0;
        for (int w = 0; w < kWriters; ++w) {
          std::vector<UserId> ids;
          ids.reserve(kUsersPerWriter);
          for (int u = 0; u < kUsersPerWriter; ++u) ids.push_back(id_of(w, u));
          const auto found = reader.find_users(ids);
          const std::string title(found->at(0)->text(FieldId::kTitle));
          for (const UserPtr& user : *found) EXPECT_EQ(user->text(FieldId::kTitle), title);
          rounds += title.empty() ? 0 : std::stoi(title);
        }
        const auto counter = reader.find_users(std::vector{kShared});
        EXPECT_EQ(counter->at(0)->text(FieldId::kTitle), std::to_string(rounds));
        return {};
      }));
      ++looks;
    }
  };
  std::vector<std::jthread> readers;
  readers.reserve(2);
  for (int i = 0; i < 2; ++i) readers.emplace_back(read_all);
  {
    std::vector<std::jthread> writers;
    writers.reserve(kWriters);
    for (int w = 0; w < kWriters; ++w) writers.emplace_back(write_rounds, w);
  }
  done = true;
  readers.clear();
  now_and_after_restart([&] {
    EXPECT_EQ(user_of(store(), kShared)->text(FieldId::kTitle), std::to_string(kWriters * kRounds));
    EXPECT_EQ(domain_trail(store()).total,
              std::ssize(users) + std::int64_t{kWriters} * kRounds * (kUsersPerWriter + 1));
  });
}

TEST_P(StoreConformance, OfConcurrentClaimsOfOneNameExactlyOneWins) {
  std::vector<std::shared_ptr<User>> users;
  users.reserve(kWriters);
  for (int i = 0; i < kWriters; ++i) users.push_back(dt::make_user(2000 + i));
  create(store(), users);
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> winners = 0;
    const std::string name = "round" + std::to_string(round) + "@example.com";
    {
      std::vector<std::jthread> claimants;
      claimants.reserve(kWriters);
      for (int i = 0; i < kWriters; ++i) {
        claimants.emplace_back([&, i] {
          const auto done = try_edit(store(), {UserId{2000 + i}}, actor_at(round),
                                     [&](User& user) { user.set_text(FieldId::kUserName, name); });
          if (done) {
            ++winners;
          } else {
            EXPECT_EQ(done.error().type, ErrorType::kRaceCondition);
          }
        });
      }
    }
    EXPECT_EQ(winners, 1);
    EXPECT_TRUE(user_by_name(store(), name));
  }
}

TEST_P(StoreConformance, AReadOnlyTransactionSucceedsOnlyWithDurableReads) {
  create(store(), {dt::make_user(25001)});
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    for (int i = 1; !stop; ++i) {
      edit(store(), kAnn, i % 1000, [&](User& user) { set_title(user, std::to_string(i)); });
    }
  });
  for (int i = 0; i < 100; ++i) {
    int seen = 0;
    const auto number = [](const UserPtr& user) {
      const std::string title(user->text(FieldId::kTitle));
      return title.empty() ? 0 : std::stoi(title);
    };
    expect_done(store().write(actor_at(0), [&](Transaction& tx) -> Result<void> {
      seen = number(tx.find_users(std::vector{kAnn})->at(0));
      return {};
    }));
    EXPECT_GE(number(user_of(store(), kAnn)), seen);
  }
  stop = true;
}

}  // namespace

}  // namespace muster::store
