#include "vault_api/group_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace muster::vault_api {
namespace {

using directory::GroupChange;
using directory::MemberEdit;
using directory::UserId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Result<GroupChange> read(const std::string& name, const std::string& value) {
  return read_group_form(std::vector<codec::FormField>{
      {.name = name, .value = value, .file_name = {}, .content_type = {}}});
}

MemberEdit members(const std::string& text) {
  const auto change = read("members__v", text);
  EXPECT_TRUE(change && change->members) << text;
  return change && change->members ? *change->members : MemberEdit{};
}

std::string refusal(const std::string& name, const std::string& value) {
  const auto change = read(name, value);
  return change ? "" : change.error().message;
}

TEST(GroupForm, WhatIsNotSentIsNotSaid) {
  const auto change = read_group_form({});
  ASSERT_TRUE(change);
  EXPECT_FALSE(change->label || change->description || change->members ||
               change->security_profiles || change->active || change->allow_delegation);
}

TEST(GroupForm, MembersReplaceComeInOrGo) {
  using enum MemberEdit::How;
  struct Case {
    std::string text;
    MemberEdit::How how;
    std::vector<UserId> ids;
  };
  const std::vector<UserId> both{UserId{2}, UserId{1}};
  for (const auto& [text, how, ids] : {
           Case{"2,1", kReplace, both},
           Case{" 2 , 1 ", kReplace, both},
           Case{"", kReplace, {}},
           Case{"add (2,1)", kAdd, both},
           Case{"ADD(2, 1)", kAdd, both},
           Case{"add ()", kAdd, {}},
           Case{"delete (2,1)", kDelete, both},
           Case{" Delete  ( 2 ,1 ) ", kDelete, both},
       }) {
    EXPECT_EQ(members(text).how, how) << text;
    EXPECT_EQ(members(text).ids, ids) << text;
  }
}

TEST(GroupForm, OtherMembersAreRefused) {
  for (const std::string text :
       {"Ann", "1,", ",1", "1,,2", "1;2", "(1)", "add 1", "add (1", "add", "addition (1)",
        "remove (1)", "0", "-1", "99999999999", "add (x)", "delete (1) delete (2)"}) {
    EXPECT_EQ(refusal("members__v", text), "Invalid value [" + text + "] for field [members__v].");
  }
}

TEST(GroupForm, ProfilesAreAList) {
  EXPECT_THAT(*read("security_profiles__v", "document_user__v, author__c")->security_profiles,
              ElementsAre("document_user__v", "author__c"));
  EXPECT_THAT(*read("security_profiles__v", " ")->security_profiles, IsEmpty());
}

TEST(GroupForm, FlagsAreTrueOrFalse) {
  EXPECT_EQ(read("active__v", "False")->active, false);
  EXPECT_EQ(read("allow_delegation_among_members__v", "true")->allow_delegation, true);
  EXPECT_EQ(read("active__v", "")->active, std::nullopt);
  EXPECT_EQ(refusal("active__v", "yes"), "Invalid value [yes] for field [active__v].");
}

TEST(GroupForm, TextsAreTrimmedAndCleaned) {
  EXPECT_EQ(read("label__v", " Au\x01thors ")->label, "Authors");
  EXPECT_EQ(read("group_description__v", "")->description, "");
}

TEST(GroupForm, WhatCannotBeWrittenIsRefused) {
  for (const char* name : {"name__v", "id", "system_group__v", "type__v", "nonsense"}) {
    const auto change = read(name, "1");
    ASSERT_FALSE(change) << name;
    EXPECT_EQ(change.error().type, ErrorType::kAttributeNotSupported) << name;
  }
  EXPECT_TRUE(read("client_id", "loader"));
}

}  // namespace
}  // namespace muster::vault_api
