// Update Multiple Users as a whole: order, duplicates, rights of the request, worked examples,
// what is written. The rules of single fields are in record_update_test.cc.
#include "directory/user_service.h"

#include <gmock/gmock.h>

#include "directory/service_fixture.h"
#include "directory/user_diff.h"

namespace muster::directory {
namespace {

using testing::Cells;
using ::testing::ElementsAre;
using testing::kAdmin;
using testing::kBusiness;
using testing::kClinical;
using testing::kCopiedProfile;
using testing::kDomainOnly;
using testing::kDomainSystem;
using testing::kFirstAdmin;
using testing::kOwner;
using testing::kQuality;
using testing::make_caller;
using testing::make_member;
using testing::make_user;
using testing::small_domain;
using Lines = std::vector<std::string>;

class UserServiceTest : public testing::ServiceTest {};

TEST_F(UserServiceTest, WorkedExampleCsv) {
  add(make_member(25001, kQuality));
  auto second = make_user(25002);
  second->domain_active = false;
  second->set_text(FieldId::kTitle, "Analyst");
  add(second);
  auto third = make_member(25003, kQuality);
  third->set_text(FieldId::kCompany, "Example Ltd");
  add(third);

  BatchPlanBuilder builder(small_domain(), BatchRules{});
  ASSERT_TRUE(builder.header(
      {"id", "user_title__v", "company__v", "domain_active__v", "vault_membership"}));
  const std::vector<std::vector<std::string_view>> rows = {
      {"25001", "Director, Quality", "Brandt \\ Söhne", "", "3003:true:business_admin__v:full__v"},
      {"25002", "", "Example Ltd", "true", "3003:true:document_user__v:full__v;4112:false"},
      {"25003", "Analyst", "", "maybe", ""},
      {"25001", "Again", "", "", ""},
  };
  for (const auto& row : rows) {
    ASSERT_TRUE(builder.begin_record());
    for (std::size_t i = 0; i < row.size(); ++i) {
      ASSERT_TRUE(builder.cell(i, {ValueKind::kText, row[i]}));
    }
    builder.end_record();
  }
  const auto outcome = service_.write_users(caller(kFirstAdmin), builder.take());
  ASSERT_TRUE(outcome.has_value());
  ASSERT_EQ(outcome->records.size(), 4U);
  EXPECT_TRUE(outcome->records[0].succeeded());
  EXPECT_TRUE(outcome->records[1].succeeded());
  EXPECT_EQ(outcome->records[2].id, "25003");
  EXPECT_THAT(outcome->records[2].errors,
              ElementsAre(Error{ErrorType::kInvalidData,
                                "Invalid value [maybe] for field [domain_active__v]."}));
  EXPECT_EQ(outcome->records[3].id, "25001");
  EXPECT_THAT(outcome->records[3].errors,
              ElementsAre(Error{ErrorType::kInvalidData,
                                "Duplicate id [25001] in the request; only its first record is "
                                "applied."}));

  const Domain domain = *small_domain();
  EXPECT_EQ(load(25001)->text(FieldId::kTitle), "Director, Quality");
  EXPECT_EQ(load(25001)->text(FieldId::kCompany), "Brandt \\ Söhne");
  EXPECT_EQ(field_text(*load(25001), FieldId::kVaultMembership, domain),
            "3003:true:business_admin__v:full__v");
  EXPECT_EQ(load(25002)->text(FieldId::kTitle), "");
  EXPECT_TRUE(load(25002)->domain_active);
  EXPECT_EQ(field_text(*load(25002), FieldId::kVaultMembership, domain),
            "3003:true:document_user__v:full__v;4112:false:document_user__v:full__v");
  EXPECT_EQ(load(25003)->text(FieldId::kCompany), "Example Ltd");
  EXPECT_EQ(load(25003)->text(FieldId::kTitle), "");
}

TEST_F(UserServiceTest, WorkedExampleJson) {
  for (const UserId id : {kFirstAdmin, kDomainSystem, kDomainOnly}) {
    auto plain = std::make_shared<User>(*load(id));
    plain->is_domain_admin = false;
    add(plain);
  }
  auto fourth = make_user(25004);
  fourth->set_text(FieldId::kMobilePhone, "5551234");
  fourth->set_membership({.vault_id = kClinical});
  add(fourth);
  add(make_member(25005, kQuality));
  auto holder = make_user(25099);
  holder->set_text(FieldId::kFederatedId, "e-4711");
  add(holder);
  auto last_admin = make_member(25006, kQuality, kSystemAdmin);
  last_admin->is_domain_admin = true;
  add(last_admin);
  add(make_member(25007, kQuality));

  EXPECT_THAT(
      update(UserId{25006}, {{{"id", "25004"},
                              {"user_first_name__v", "Tomás"},
                              {"mobile_phone__v", ""},
                              {"vault_membership", "3003:true:read_only_user__v:read_only__v"}},
                             {{"id", "25005"}, {"federated_id__v", "e-4711"}},
                             {{"id", "25006"}, {"is_domain_admin__v", "false"}},
                             {{"id", "25007"}, {"nickname", "x"}}}),
      ElementsAre(
          "25004 changed",
          "25005 FEDERATED_ID_ALREADY_EXISTS Federated ID [e-4711] is used by another user.",
          "25006 OPERATION_NOT_ALLOWED A domain needs at least one Domain Admin.",
          "25007 ATTRIBUTE_NOT_SUPPORTED Unknown field [nickname]."));
  EXPECT_EQ(load(25004)->text(FieldId::kFirstName), "Tomás");
  EXPECT_EQ(load(25004)->text(FieldId::kMobilePhone), "");
  EXPECT_EQ(load(25004)->membership(kQuality)->license, LicenseType::kReadOnly);
}

TEST_F(UserServiceTest, RightsOfTheWholeRequest) {
  add(make_member(25001, kQuality));
  const Cells record = {{"id", "25001"}, {"user_title__v", "Director"}};
  for (const UserId who : {kBusiness, kCopiedProfile, UserId{25001}}) {
    EXPECT_THAT(update(who, {record}), ElementsAre("INSUFFICIENT_ACCESS")) << who.value;
  }
  EXPECT_EQ(load(25001)->text(FieldId::kTitle), "");
  for (const UserId who : {kOwner, kAdmin, kDomainSystem, kFirstAdmin}) {
    const std::string title = "by " + to_string(who);
    EXPECT_EQ(update_one(who, {{"id", "25001"}, {"user_title__v", title}}), "25001 changed");
    EXPECT_EQ(load(25001)->text(FieldId::kTitle), title);
  }
}

TEST_F(UserServiceTest, RightsOfARecord) {
  add(make_member(25001, kQuality));
  add(make_member(25002, kClinical));
  add(make_user(25003));
  const std::vector<Cells> records = {{{"id", "25001"}, {"user_title__v", "a"}},
                                      {{"id", "25002"}, {"user_title__v", "a"}},
                                      {{"id", "25003"}, {"user_title__v", "a"}}};
  const Lines owner = {"25001 changed",
                       "25002 INSUFFICIENT_ACCESS No administrative access to user [25002].",
                       "25003 INSUFFICIENT_ACCESS No administrative access to user [25003]."};
  EXPECT_EQ(update(kOwner, records), owner);
  const Lines domain_only = {"25001 INSUFFICIENT_ACCESS No administrative access to user [25001].",
                             "25002 INSUFFICIENT_ACCESS No administrative access to user [25002].",
                             "25003 changed"};
  EXPECT_EQ(update(kDomainOnly, records), domain_only);
  const Lines everything = {"25001 unchanged", "25002 changed", "25003 unchanged"};
  EXPECT_EQ(update(kDomainSystem, records), everything);
}

TEST_F(UserServiceTest, UnknownMissingAndSystemIds) {
  EXPECT_THAT(update(kFirstAdmin, {{{"id", "25999"}, {"user_title__v", "a"}},
                                   {{"user_title__v", "a"}},
                                   {{"id", "me"}, {"user_title__v", "a"}},
                                   {{"id", "1"}, {"user_title__v", "a"}}}),
              ElementsAre("25999 INVALID_DATA User [25999] does not exist.",
                          " PARAMETER_REQUIRED Missing required parameter [id]",
                          "me INVALID_DATA Invalid value [me] for field [id].",
                          "1 OPERATION_NOT_ALLOWED User [1] is a system account."));
}

TEST_F(UserServiceTest, LaterRecordsOfAnIdFailEvenWhenTheFirstFailed) {
  add(make_member(25001, kQuality));
  EXPECT_THAT(
      update(kOwner, {{{"id", "25001"}, {"active__v", "maybe"}},
                      {{"id", "025001"}, {"user_title__v", "b"}},
                      {{"id", "25001"}, {"user_title__v", "c"}, {"nickname", "x"}}}),
      ElementsAre("25001 INVALID_DATA Invalid value [maybe] for field [active__v].",
                  "025001 INVALID_DATA Duplicate id [25001] in the request; only its first "
                  "record is applied.",
                  "25001 INVALID_DATA Duplicate id [25001] in the request; only its first "
                  "record is applied. | ATTRIBUTE_NOT_SUPPORTED Unknown field [nickname]."));
  EXPECT_EQ(load(25001)->text(FieldId::kTitle), "");
}

TEST_F(UserServiceTest, AllErrorsOfARecordInOrder) {
  auto user = make_member(25001, kQuality);
  user->domain_active = false;
  user->set_membership({.vault_id = kQuality, .active = false});
  add(user);
  EXPECT_EQ(
      update_one(kOwner, {{"id", "25001"},
                          {"is_domain_admin__v", "true"},
                          {"user_email__v", "x"},
                          {"app_licensing", "4112|a"},
                          {"vault_membership", "4112:true"},
                          {"active__v", "true"},
                          {"user_name__v", "x@partner.example.com"},
                          {"domain_active__v", "true"}}),
      "25001 INVALID_DATA Invalid value [x] for field [user_email__v]."
      " | INSUFFICIENT_ACCESS Only a Domain Admin may change field [domain_active__v]."
      " | INVALID_DATA User name [x@partner.example.com] must end in @example.com."
      " | INSUFFICIENT_ACCESS No administrative access to vault [4112]."
      " | OPERATION_NOT_ALLOWED The account is disabled in the domain, so it cannot be active "
      "in vault [3003]."
      " | INSUFFICIENT_ACCESS No administrative access to vault [4112]."
      " | INSUFFICIENT_ACCESS Only a Domain Admin may change field [is_domain_admin__v].");
}

TEST_F(UserServiceTest, AFailedRecordChangesNothingAndHurtsNoOther) {
  add(make_member(25001, kQuality));
  add(make_member(25002, kQuality));
  EXPECT_THAT(
      update(kOwner, {{{"id", "25001"}, {"user_title__v", "a"}, {"active__v", "1"}},
                      {{"id", "25002"}, {"user_title__v", "b"}}}),
      ElementsAre("25001 INVALID_DATA Invalid value [1] for field [active__v].", "25002 changed"));
  EXPECT_EQ(load(25001)->text(FieldId::kTitle), "");
  EXPECT_EQ(load(25002)->text(FieldId::kTitle), "b");
  EXPECT_EQ(audit_rows(), 1);
}

TEST_F(UserServiceTest, AChangeIsStampedAndAudited) {
  add(make_member(25001, kQuality));
  clock_.advance(std::chrono::minutes{5});
  EXPECT_EQ(update_one(kOwner, {{"id", "25001"}, {"user_title__v", "Director"}}), "25001 changed");
  const UserPtr after = load(25001);
  EXPECT_EQ(after->modified_by, kOwner);
  EXPECT_EQ(after->modified_date, testing::kNoon + std::chrono::minutes{5});
  EXPECT_EQ(after->created_by, kSystemUserId);

  AuditPage<DomainAuditRow> page;
  ASSERT_TRUE(store_.read([&](Reader& reader) -> Result<void> {
    page = reader.domain_audit({.from = testing::kNoon, .to = clock_.now()}).value();
    return {};
  }));
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.rows[0].user_name, "user20002@example.com");
  EXPECT_EQ(page.rows[0].action, "Update Users");
  EXPECT_EQ(page.rows[0].item_id, UserId{25001});
  EXPECT_EQ(page.rows[0].execution_id, caller(kOwner).execution_id);
}

TEST_F(UserServiceTest, NothingNewIsASuccessThatLeavesNoTrace) {
  auto user = make_member(25001, kQuality);
  user->set_text(FieldId::kTitle, "Director");
  add(user);
  EXPECT_THAT(update(kOwner, {{{"id", "25001"},
                               {"user_title__v", "Director"},
                               {"user_name__v", "user25001@example.com"},
                               {"company__v", ""},
                               {"active__v", "TRUE"},
                               {"is_domain_admin__v", "false"},
                               {"domain_active__v", "true"},
                               {"security_policy_id__v", "821"},
                               {"security_profile", "document_user__v"},
                               {"license_type__v", "full__v"},
                               {"vault_membership", "3003:true:document_user__v:full__v"},
                               {"created_by__v", "1"},
                               {"domain_id__v", "76"},
                               {"vault_id__v", "3003"}},
                              {{"id", "20002"}}}),
              ElementsAre("25001 unchanged", "20002 unchanged"));
  EXPECT_EQ(load(25001)->modified_date, user->modified_date);
  EXPECT_EQ(audit_rows(), 0);
}

TEST_F(UserServiceTest, AnEmptyPlanIsASuccess) { EXPECT_THAT(update(kOwner, {}), ElementsAre()); }

TEST_F(UserServiceTest, AFullBatchInInputOrder) {
  std::vector<Cells> records;
  std::vector<std::string> ids;
  for (int i = 0; i < 500; ++i) {
    add(make_member(26000 + i, kQuality));
    ids.push_back(std::to_string(26000 + (i * 7) % 500));
  }
  for (const std::string& id : ids) records.push_back({{"id", id}, {"user_title__v", id}});
  const Lines lines = update(kOwner, records);
  ASSERT_EQ(lines.size(), 500U);
  for (std::size_t i = 0; i < 500; ++i) EXPECT_EQ(lines[i], ids[i] + " changed");
  EXPECT_EQ(load(26499)->text(FieldId::kTitle), "26499");
  EXPECT_EQ(audit_rows(), 500);
}

// Another node may have answered the same call since this one looked.
TEST_F(UserServiceTest, ACallWhoseKeyWasAnsweredMeanwhileIsNotApplied) {
  add(make_member(25001, kQuality));
  BatchOptions options;
  options.keep = AnswerKeeping{
      .key = {7}, .body = {8}, .text = [](const BatchOutcome&) { return std::string("answer"); }};
  const auto write = [&](const char* title) {
    return service_.write_users(caller(kAdmin), plan({{{"id", "25001"}, {"user_title__v", title}}}),
                                options);
  };
  ASSERT_TRUE(write("first"));
  EXPECT_EQ(write("second").error().type, ErrorType::kOperationInProgress);
  EXPECT_EQ(load(25001)->text(FieldId::kTitle), "first");
  EXPECT_EQ(service_.find_answer({7}).value()->text, "answer");
  clock_.advance(std::chrono::milliseconds(limits::kKeptAnswerMs + 1));
  EXPECT_EQ(service_.find_answer({7}).value(), std::nullopt);
  EXPECT_TRUE(write("a day later"));
  EXPECT_EQ(load(25001)->text(FieldId::kTitle), "a day later");
}

TEST_F(UserServiceTest, RightsAreThoseOfTheMomentOfTheWrite) {
  add(make_member(25001, kQuality));
  const std::vector<Cells> record = {{{"id", "25001"}, {"user_title__v", "late"}}};
  const Caller seen = caller(kAdmin);
  add(make_member(kAdmin.value, kQuality, kBusinessAdmin));
  EXPECT_THAT(update(seen, record), ElementsAre("INSUFFICIENT_ACCESS"));
  auto disabled = make_member(kAdmin.value, kQuality, kSystemAdmin);
  disabled->domain_active = false;
  add(disabled);
  EXPECT_THAT(update(seen, record), ElementsAre("INVALID_SESSION_ID"));
  EXPECT_EQ(load(25001)->text(FieldId::kTitle), "");

  Caller delegated = caller(kOwner);
  delegated.delegate = load(kBusiness);
  auto gone = make_member(kBusiness.value, kQuality);
  gone->domain_active = false;
  add(gone);
  EXPECT_THAT(update(delegated, record), ElementsAre("INVALID_SESSION_ID"));
}

TEST_F(UserServiceTest, ASessionThatWasEndedWritesNothingOneThatExpiredDoes) {
  add(make_member(25001, kQuality));
  Caller who = caller(kAdmin);
  who.session_hash.fill(7);
  who.session_end = testing::kNoon + std::chrono::hours{48};
  const std::vector<Cells> record = {{{"id", "25001"}, {"user_title__v", "late"}}};
  EXPECT_THAT(update(who, record), ElementsAre("INVALID_SESSION_ID"));
  ASSERT_TRUE(store_.write({}, [&](Transaction& tx) {
    return tx.put_session({.id_hash = who.session_hash,
                           .user_id = kAdmin,
                           .vault_id = kQuality,
                           .delegate_user_id = {},
                           .created = testing::kNoon,
                           .last_activity = testing::kNoon});
  }));
  EXPECT_THAT(update(who, record), ElementsAre("25001 changed"));
  ASSERT_TRUE(store_.write({}, [&](Transaction& tx) { return tx.end_session(who.session_hash); }));
  clock_.advance(std::chrono::hours{49});
  EXPECT_THAT(update(who, record), ElementsAre("25001 unchanged"));
}

TEST_F(UserServiceTest, RightsGivenAwayAreGoneForTheNextRecord) {
  const std::vector<Cells> records = {{{"id", "20006"}, {"user_title__v", "a"}},
                                      {{"id", "20004"}, {"is_domain_admin__v", "false"}},
                                      {{"id", "20001"}, {"is_domain_admin__v", "false"}}};
  EXPECT_THAT(update(kDomainSystem, records),
              ElementsAre("20006 changed", "20004 changed",
                          "20001 INSUFFICIENT_ACCESS Only a Domain Admin may change field "
                          "[is_domain_admin__v]."));
}

TEST_F(UserServiceTest, ErrorsOfABatchAreBounded) {
  const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (int i = 0; i < 50; ++i) all.push_back(std::to_string(i) + std::string(200, 'x'));
    return all;
  }();
  std::vector<Cells> records;
  for (int i = 0; i < 500; ++i) {
    Cells& cells = records.emplace_back();
    for (const std::string& name : names) cells.emplace_back(name, "x");
    cells.emplace_back("id", i % 2 == 0 ? "25999" : "");
  }
  const auto outcome = service_.write_users(caller(kOwner), plan(records));
  ASSERT_TRUE(outcome.has_value());
  std::size_t bytes = 0;
  for (const RecordOutcome& record : outcome->records) {
    ASSERT_FALSE(record.succeeded());
    for (const Error& error : record.errors) bytes += error.message.size();
  }
  EXPECT_LE(bytes, limits::kBatchErrorBytesMax);
  EXPECT_GT(outcome->records.front().errors.size(), 10U);
  EXPECT_THAT(outcome->records.back().errors,
              ElementsAre(Error{ErrorType::kParameterRequired,
                                "Not told here: the request has too many errors."}));
}

// A store that runs every closure twice, as a distributed engine may.
class TwiceStore final : public Store {
 public:
  explicit TwiceStore(Store& store) : store_(store) {}
  Result<void> read(const std::function<Result<void>(Reader&)>& work) override {
    return store_.read(work);
  }
  Result<void> write(const Actor& actor,
                     const std::function<Result<void>(Transaction&)>& work) override {
    const auto lost = store_.write(actor, [&](Transaction& transaction) -> Result<void> {
      if (auto done = work(transaction); !done) return done;
      return fail(ErrorType::kRaceCondition, "Run it again.");
    });
    EXPECT_EQ(lost.error().type, ErrorType::kRaceCondition);
    return store_.write(actor, work);
  }
  [[nodiscard]] bool initialised() const override { return true; }
  Result<void> mark_initialised() override { return {}; }
  [[nodiscard]] bool failed() const override { return false; }

 private:
  Store& store_;
};

TEST_F(UserServiceTest, ARunThatWasLostLeavesNothingBehind) {
  add(make_member(25001, kQuality));
  TwiceStore twice(store_);
  UserService service(twice, clock_);
  const auto outcome = service.write_users(
      caller(kOwner), plan({{{"id", "25001"}, {"user_name__v", "nadia@example.com"}},
                            {{"id", "25001"}, {"user_title__v", "again"}}}));
  ASSERT_TRUE(outcome.has_value());
  ASSERT_EQ(outcome->records.size(), 2U);
  EXPECT_TRUE(outcome->records[0].changed);
  EXPECT_EQ(outcome->records[1].errors.size(), 1U);
  EXPECT_EQ(load(25001)->user_name(), "nadia@example.com");
  EXPECT_EQ(audit_rows(), 1);
}

TEST_F(UserServiceTest, ErrorsOfTheStoreEndTheRequest) {
  class BrokenStore final : public Store {
   public:
    Result<void> read(const std::function<Result<void>(Reader&)>&) override { return broken(); }
    Result<void> write(const Actor&, const std::function<Result<void>(Transaction&)>&) override {
      return broken();
    }
    [[nodiscard]] bool initialised() const override { return true; }
    Result<void> mark_initialised() override { return broken(); }
    [[nodiscard]] bool failed() const override { return true; }

   private:
    static Result<void> broken() { return fail(ErrorType::kUnexpectedError, "disk"); }
  } broken;
  UserService service(broken, clock_);
  const Caller who = caller(kOwner);
  EXPECT_EQ(service.write_users(who, plan({{{"id", "25001"}}})).error().type,
            ErrorType::kUnexpectedError);
  EXPECT_EQ(service.retrieve_user(who, UserId{25001}).error().type, ErrorType::kUnexpectedError);
  EXPECT_EQ(service.list_users(who, "", {}).error().type, ErrorType::kUnexpectedError);
}

// The ids of a listing, or the type of its error.
class ListUsersTest : public UserServiceTest {
 protected:
  ListUsersTest() {
    add(make_member(25001, kClinical));
    add(make_user(25002));
  }

  std::string list(UserId who, std::string_view vaults) {
    UserQuery query;
    query.limit = 200;
    const auto page = service_.list_users(caller(who), vaults, query);
    if (!page) return std::string(wire_name(page.error().type)) + ' ' + page.error().message;
    std::string ids;
    for (const UserPtr& user : page->users) {
      ids += (ids.empty() ? "" : " ") + to_string(user->id);
    }
    return ids;
  }
};

TEST_F(ListUsersTest, SelectionOfVaults) {
  struct Row {
    UserId who;
    const char* vaults;
    const char* listed;
  };
  const Row rows[] = {
      {kBusiness, "", "20001 20002 20003 20004 20005 20007"},
      {kBusiness, "3003", "INSUFFICIENT_ACCESS Only administrators may choose vaults."},
      {kBusiness, "all", "INSUFFICIENT_ACCESS Only administrators may choose vaults."},
      {kOwner, "all", "20001 20002 20003 20004 20005 20007"},
      {kOwner, "-1", ""},
      {kOwner, "3003, 3003", "20001 20002 20003 20004 20005 20007"},
      {kOwner, "3003,4112", "INSUFFICIENT_ACCESS No administrative access to vault [4112]."},
      {kFirstAdmin, "all", "20001 20002 20003 20004 20005 20006 20007 25001 25002"},
      {kFirstAdmin, "-1", "20001 25001"},
      {kFirstAdmin, "4112,3003", "20001 20002 20003 20004 20005 20007 25001"},
      {kDomainOnly, "4112", "20001 25001"},
      {kFirstAdmin, "9999", "INVALID_DATA Vault [9999] does not exist."},
      {kFirstAdmin, "3003,", "INVALID_DATA Invalid value [] for parameter [vaults]."},
      {kFirstAdmin, "3003;4112", "INVALID_DATA Invalid value [3003;4112] for parameter [vaults]."},
      {kFirstAdmin, "ALL", "INVALID_DATA Invalid value [ALL] for parameter [vaults]."},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(list(row.who, row.vaults), row.listed) << row.who.value << ' ' << row.vaults;
  }
}

TEST_F(ListUsersTest, RetrieveOne) {
  EXPECT_EQ(service_.retrieve_user(caller(kBusiness), kOwner).value()->id, kOwner);
  EXPECT_EQ(service_.retrieve_user(caller(kBusiness), kBusiness).value()->id, kBusiness);
  EXPECT_EQ(service_.retrieve_user(caller(kFirstAdmin), UserId{25002}).value()->id, UserId{25002});
  EXPECT_EQ(service_.retrieve_user(caller(kBusiness), UserId{25001}).error(),
            (Error{ErrorType::kInsufficientAccess, "No access to user [25001]."}));
  EXPECT_EQ(service_.retrieve_user(caller(kFirstAdmin), UserId{25999}).error(),
            (Error{ErrorType::kUserNotFound, "User [25999] does not exist."}));
}

}  // namespace
}  // namespace muster::directory
