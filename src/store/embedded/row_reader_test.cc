#include "store/embedded/row_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "store/embedded/row_text.h"

namespace muster::store {
namespace {

using directory::Domain;
using directory::Group;
using directory::GroupId;
using directory::UserId;

Domain read(const std::string& text) {
  simdjson::dom::parser parser;
  Domain domain;
  const auto done = parse_json(parser, text, "domain", [&](Json json) -> Result<void> {
    domain = read_domain(json);
    return {};
  });
  EXPECT_TRUE(done) << done.error().message;
  return domain;
}

TEST(RowReader, ADomainOfAnOlderVersionIsStillRead) {
  const Domain domain =
      read(R"({"id":76,"name":"example.com","type":"Test","vaults":[],"policies":[],)"
           R"("profiles":[],"groups":[{"id":1001,"name":"authors__c","label":"Authors",)"
           R"("description":"","active":true,"system_group":false,"members":[25003,25002]}],)"
           R"("delegations":[],"licenses":[]})");
  Group expected{.id = GroupId{1001}, .name = "authors__c", .label = "Authors", .description = {}};
  expected.members = {UserId{25002}, UserId{25003}};
  ASSERT_EQ(domain.groups.size(), 1U);
  EXPECT_EQ(domain.groups[0], expected);
  EXPECT_EQ(domain.last_group_id, GroupId{});
}

TEST(RowReader, WhatIsWrittenIsReadAgain) {
  Domain domain;
  Group group{.id = GroupId{1002}, .name = "g__c", .label = "G \"1\"", .description = "d"};
  group.security_profiles = {"author__c"};
  group.allow_delegation = true;
  group.created_by = UserId{25001};
  group.modified_date = timestamp(1'770'000'000'000);
  domain.groups = {group};
  domain.last_group_id = GroupId{1LL << 41};
  std::string text;
  append_domain(text, domain);
  const Domain again = read(text);
  EXPECT_EQ(again.groups, domain.groups);
  EXPECT_EQ(again.last_group_id, domain.last_group_id);
}

}  // namespace
}  // namespace muster::store
