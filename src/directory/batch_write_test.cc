// Create and upsert: what the records of one batch do to each other (protocol 3.5, 3.6). The rules
// of single fields are in record_update_test.cc, those of whole requests in user_service_test.cc.
#include "directory/batch_write.h"

#include <gmock/gmock.h>

#include "directory/service_fixture.h"

namespace muster::directory {
namespace {

using testing::Cells;
using ::testing::ElementsAre;
using testing::kDomainOnly;
using testing::kFirstAdmin;
using testing::kOwner;
using testing::kQuality;
using testing::make_member;
using Lines = std::vector<std::string>;

constexpr BatchRules kCreate{
    .operation = BatchOperation::kCreate, .key = FieldId::kUserName, .blank = BlankCell::kKeep};

constexpr BatchRules upsert_by(FieldId key) {
  return {.operation = BatchOperation::kUpsert, .key = key, .blank = BlankCell::kKeep};
}

Cells new_user(std::string_view name, const Cells& more = {}) {
  Cells cells = {{"user_name__v", name},
                 {"user_first_name__v", "Mei"},
                 {"user_last_name__v", "Tan"},
                 {"user_email__v", "mei@example.com"},
                 {"user_timezone__v", "Asia/Singapore"},
                 {"user_locale__v", "en_SG"},
                 {"user_language__v", "en"},
                 {"security_policy_id__v", "821"}};
  cells.insert(cells.end(), more.begin(), more.end());
  return cells;
}

class BatchWriteTest : public testing::ServiceTest {};

TEST_F(BatchWriteTest, NewUsersGetAscendingIdsAndRefusedOnesNone) {
  const Lines lines = write(
      kFirstAdmin, kCreate,
      {new_user("a@example.com"), {{"user_name__v", "b@example.com"}}, new_user("c@example.com")});
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "20008 changed");
  EXPECT_THAT(lines[1], ::testing::StartsWith(" PARAMETER_REQUIRED Missing required parameter"));
  EXPECT_EQ(lines[2], "20009 changed");
  const UserPtr created = load(20009);
  EXPECT_EQ(created->user_name(), "c@example.com");
  EXPECT_EQ(created->domain_id, testing::kDomain);
  EXPECT_EQ(created->created_by, kFirstAdmin);
  EXPECT_EQ(created->created_date, testing::kNoon);
  EXPECT_EQ(created->modified_date, testing::kNoon);
  EXPECT_EQ(audit_rows(), 2);
}

TEST_F(BatchWriteTest, ANameThatAnEarlierRecordGaveUpIsFree) {
  add(make_member(25001, kQuality));
  Cells rename = {{"id", "25001"}, {"user_name__v", "renamed@example.com"}};
  Cells taker = new_user("user25001@example.com");
  Cells late = new_user("renamed@example.com");
  EXPECT_THAT(write(kFirstAdmin, upsert_by(FieldId::kId), {rename, taker, late}),
              ElementsAre("25001 changed", "25002 changed",
                          " ITEM_NAME_EXISTS User name [renamed@example.com] is used by another "
                          "user."));
  EXPECT_EQ(load(25001)->user_name(), "renamed@example.com");
  EXPECT_EQ(load(25002)->user_name(), "user25001@example.com");
}

TEST_F(BatchWriteTest, AFederatedIdGoesToTheFirstWhoAsks) {
  const Cells federated = {{"federated_id__v", "f-1"}};
  EXPECT_THAT(write(kFirstAdmin, kCreate,
                    {new_user("a@example.com", federated), new_user("b@example.com", federated)}),
              ElementsAre("20008 changed",
                          " FEDERATED_ID_ALREADY_EXISTS Federated ID [f-1] is used by another "
                          "user."));
}

TEST_F(BatchWriteTest, WhoIsFoundByNameIsUpdatedInTheCallersReachOnly) {
  add(make_member(25001, testing::kClinical));
  add(make_member(25002, kQuality));
  EXPECT_THAT(write(kOwner, upsert_by(FieldId::kUserName),
                    {{{"user_name__v", "USER25001@example.com"}, {"user_title__v", "a"}},
                     {{"user_name__v", "USER25002@example.com"}, {"user_title__v", "a"}}}),
              ElementsAre(" INSUFFICIENT_ACCESS No administrative access to user [25001].",
                          "25002 changed"));
  EXPECT_EQ(load(25002)->text(FieldId::kTitle), "a");
}

TEST_F(BatchWriteTest, WhoJoinsAVaultNeedNotBeInReachBefore) {
  add(make_member(25001, testing::kClinical));
  const Cells joining = {{"user_name__v", "user25001@example.com"}, {"vault_membership", "3003"}};
  EXPECT_THAT(write(kOwner, kCreate, {joining}), ElementsAre("25001 changed"));
  EXPECT_NE(load(25001)->membership(kQuality), nullptr);
  EXPECT_THAT(write(kOwner, kCreate, {joining}),
              ElementsAre(" ITEM_NAME_EXISTS User name [user25001@example.com] exists already."));
}

TEST_F(BatchWriteTest, WhatAJoinIgnoresMayBeBroken) {
  add(make_member(25001, testing::kClinical));
  const std::string too_long(101, 'x');
  const auto joining = [&](std::string_view membership, const Cells& more = {}) {
    Cells cells = {{"user_name__v", "user25001@example.com"}, {"user_email__v", "nobody"},
                   {"user_timezone__v", "Mars/Olympus"},      {"security_policy_id__v", "999"},
                   {"is_domain_admin__v", "maybe"},           {"app_licensing", "no such thing"},
                   {"created_date__v", "yesterday"},          {"user_first_name__v", too_long},
                   {"vault_membership", membership}};
    cells.insert(cells.end(), more.begin(), more.end());
    return cells;
  };
  EXPECT_THAT(write(kOwner, kCreate, {joining("3003:maybe")}),
              ElementsAre(" INVALID_DATA Invalid value [3003:maybe] in field [vault_membership]. | "
                          "ITEM_NAME_EXISTS User name [user25001@example.com] exists already."));
  EXPECT_THAT(write(kOwner, kCreate, {joining("3003", {{"nickname", "x"}})}),
              ElementsAre(" ATTRIBUTE_NOT_SUPPORTED Unknown field [nickname]."));
  EXPECT_EQ(load(25001)->membership(kQuality), nullptr);
  EXPECT_THAT(write(kOwner, kCreate, {joining("3003")}), ElementsAre("25001 changed"));
  EXPECT_NE(load(25001)->membership(kQuality), nullptr);
  EXPECT_EQ(load(25001)->text(FieldId::kEmail), "user25001@mail.example.com");
}

TEST_F(BatchWriteTest, WhatAJoinIgnoresMattersToANewUser) {
  EXPECT_THAT(write(kFirstAdmin, kCreate, {new_user("a@example.com", {{"created_by__v", "x"}})}),
              ElementsAre(::testing::StartsWith(" INVALID_DATA ")));
}

TEST_F(BatchWriteTest, TheSystemAccountIsNobodysToChange) {
  auto system = testing::make_user(kSystemUserId.value);
  system->set_text(FieldId::kUserName, "system@example.com");
  add(system);
  for (const BatchRules& rules : {kCreate, upsert_by(FieldId::kUserName)}) {
    EXPECT_THAT(write(kFirstAdmin, rules,
                      {{{"user_name__v", "system@example.com"}, {"vault_membership", "3003"}}}),
                ElementsAre(" OPERATION_NOT_ALLOWED User [1] is a system account."));
  }
}

TEST_F(BatchWriteTest, DomainOnlyUsersAreMadeByDomainAdmins) {
  EXPECT_THAT(write(kOwner, kCreate, {new_user("a@example.com")}),
              ElementsAre(" INSUFFICIENT_ACCESS Only a Domain Admin may create a user without a "
                          "vault membership."));
  EXPECT_THAT(write(kDomainOnly, kCreate, {new_user("a@example.com")}),
              ElementsAre("20008 changed"));
}

}  // namespace
}  // namespace muster::directory
