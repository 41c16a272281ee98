#include "directory/group_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"
#include "directory/service_fixture.h"

namespace muster::directory {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GroupServiceTest : public ServiceTest {
 protected:
  GroupId create(const GroupChange& change) {
    const auto id = groups_.create(caller(kOwner), change);
    EXPECT_TRUE(id) << (id ? "" : id.error().message);
    return id ? *id : GroupId{};
  }
  DomainPtr domain() {
    DomainPtr domain;
    const auto read = store_.read([&](Reader& reader) -> Result<void> {
      domain = reader.domain();
      return {};
    });
    EXPECT_TRUE(read);
    return domain;
  }
  Group stored(GroupId id) {
    const DomainPtr kept = domain();
    const Group* group = kept->find_group(id);
    EXPECT_NE(group, nullptr);
    return group != nullptr ? *group : Group{};
  }
  // Puts a group in as a seed file would.
  void seed(const Group& group) {
    const auto done = store_.write({}, [&](Transaction& tx) {
      Domain domain = *tx.domain();
      domain.groups.push_back(group);
      return tx.put_domain(std::move(domain));
    });
    EXPECT_TRUE(done);
  }
  template <typename Outcome>
  static ErrorType type_of(const Outcome& outcome) {
    EXPECT_FALSE(outcome);
    return outcome ? ErrorType::kUnexpectedError : outcome.error().type;
  }
  static MemberEdit edit(MemberEdit::How how, std::vector<UserId> ids) { return {how, ids}; }

  GroupService groups_{store_, clock_};
};

TEST_F(GroupServiceTest, CreatesWhatWasAskedFor) {
  const GroupId id = create({.label = "Cholecap Team",
                             .description = "Writes",
                             .members = MemberEdit{.ids = {kAdmin, kOwner, kAdmin}},
                             .security_profiles = std::vector<std::string>{"author__c"},
                             .allow_delegation = true});
  EXPECT_EQ(id, GroupId{1001});
  const Group group = stored(id);
  EXPECT_EQ(group.label, "Cholecap Team");
  EXPECT_EQ(group.name, "cholecap_team__c");
  EXPECT_EQ(group.description, "Writes");
  EXPECT_THAT(group.members, ElementsAre(kOwner, kAdmin));
  EXPECT_THAT(group.security_profiles, ElementsAre("author__c"));
  EXPECT_TRUE(group.active);
  EXPECT_TRUE(group.allow_delegation);
  EXPECT_EQ(group.created_by, kOwner);
  EXPECT_EQ(group.created_date, clock_.now());
}

TEST_F(GroupServiceTest, NamesAndIdsAreUniqueAndIdsDoNotComeAgain) {
  const GroupId first = create({.label = "A b"});
  const GroupId second = create({.label = "A-b"});
  EXPECT_EQ(stored(first).name, "a_b__c");
  EXPECT_EQ(stored(second).name, "a_b2__c");
  ASSERT_TRUE(groups_.remove(caller(kOwner), second));
  EXPECT_GT(create({.label = "C"}), second);
  seed({.id = GroupId{1LL << 40}, .name = "x__c", .label = "X", .description = {}});
  EXPECT_EQ(create({.label = "D"}), (GroupId{(1LL << 40) + 1}));
}

TEST_F(GroupServiceTest, ChangesOnlyWhatIsSaid) {
  const GroupId id = create({.label = "Team", .members = MemberEdit{.ids = {kOwner, kAdmin}}});
  const Group before = stored(id);
  clock_.advance(std::chrono::hours{1});
  ASSERT_TRUE(groups_.update(caller(kAdmin), id, {.description = "New"}));
  Group expected = before;
  expected.description = "New";
  expected.modified_by = kAdmin;
  expected.modified_date = clock_.now();
  EXPECT_EQ(stored(id), expected);
  clock_.advance(std::chrono::hours{1});
  ASSERT_TRUE(groups_.update(caller(kOwner), id, {.label = "Team", .description = "New"}));
  EXPECT_EQ(stored(id), expected) << "nothing changed";
}

TEST_F(GroupServiceTest, MembersReplaceComeInAndGo) {
  using enum MemberEdit::How;
  const GroupId id = create({.label = "Team", .members = MemberEdit{.ids = {kOwner, kAdmin}}});
  const auto after = [&](const MemberEdit& members) {
    EXPECT_TRUE(groups_.update(caller(kOwner), id, {.members = members}));
    return stored(id).members;
  };
  EXPECT_THAT(after(edit(kAdd, {kBusiness, kOwner})), ElementsAre(kOwner, kAdmin, kBusiness));
  EXPECT_THAT(after(edit(kDelete, {kOwner, UserId{99}})), ElementsAre(kAdmin, kBusiness));
  EXPECT_THAT(after(edit(kReplace, {kDomainOnly})), ElementsAre(kDomainOnly));
  EXPECT_THAT(after(edit(kReplace, {})), IsEmpty());
}

TEST_F(GroupServiceTest, BadInputIsRefusedAndChangesNothing) {
  const GroupId id = create({.label = "Team"});
  create({.label = "Other"});
  const DomainPtr before = domain();
  const std::vector<UserId> unknown{kOwner, UserId{99}};
  const auto update = [&](const GroupChange& change) {
    return type_of(groups_.update(caller(kOwner), id, change));
  };
  EXPECT_EQ(update({.label = ""}), ErrorType::kInvalidData);
  EXPECT_EQ(update({.label = std::string(256, 'x')}), ErrorType::kInvalidData);
  EXPECT_EQ(update({.label = "oTHER"}), ErrorType::kItemNameExists);
  EXPECT_EQ(update({.description = std::string(201, 'x')}), ErrorType::kInvalidData);
  EXPECT_EQ(update({.members = MemberEdit{.ids = unknown}}), ErrorType::kInvalidData);
  EXPECT_EQ(update({.members = edit(MemberEdit::How::kAdd, unknown)}), ErrorType::kInvalidData);
  EXPECT_EQ(update({.security_profiles = std::vector<std::string>{"nobody__c"}}),
            ErrorType::kInvalidData);
  EXPECT_EQ(type_of(groups_.create(caller(kOwner), {})), ErrorType::kParameterRequired);
  EXPECT_EQ(type_of(groups_.create(caller(kOwner), {.label = "TEAM"})), ErrorType::kItemNameExists);
  EXPECT_EQ(type_of(groups_.update(caller(kOwner), GroupId{7}, {})), ErrorType::kInvalidData);
  EXPECT_EQ(type_of(groups_.remove(caller(kOwner), GroupId{7})), ErrorType::kInvalidData);
  EXPECT_EQ(domain()->groups, before->groups);
}

TEST_F(GroupServiceTest, AGroupHasALimit) {
  Group crowd{.id = GroupId{2000}, .name = "crowd__c", .label = "Crowd", .description = {}};
  for (std::size_t i = 0; i < limits::kGroupMembersMax; ++i) {
    crowd.members.push_back(UserId{static_cast<std::int32_t>(100'000 + i)});
  }
  seed(crowd);
  const auto add_one = [&](UserId id) {
    return groups_.update(caller(kOwner), crowd.id, {.members = edit(MemberEdit::How::kAdd, {id})});
  };
  EXPECT_EQ(type_of(add_one(kOwner)), ErrorType::kInvalidData);
  ASSERT_TRUE(groups_.update(caller(kOwner), crowd.id,
                             {.members = edit(MemberEdit::How::kDelete, {crowd.members[0]})}));
  EXPECT_TRUE(add_one(kOwner));
}

TEST_F(GroupServiceTest, ADomainHasALimitOfGroups) {
  const auto done = store_.write({}, [](Transaction& tx) {
    Domain domain = *tx.domain();
    for (std::size_t i = 0; i < limits::kGroupsMax; ++i) {
      const std::string name = "g" + std::to_string(i);
      domain.groups.push_back({.id = GroupId{static_cast<std::int64_t>(i) + 2000},
                               .name = name,
                               .label = name,
                               .description = {}});
    }
    return tx.put_domain(std::move(domain));
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(type_of(groups_.create(caller(kOwner), {.label = "One more"})),
            ErrorType::kInvalidData);
}

TEST_F(GroupServiceTest, OnlyAdministratorsOfTheSessionsVaultChangeGroups) {
  const GroupId id = create({.label = "Team"});
  for (const UserId who : {kFirstAdmin, kOwner, kAdmin, kDomainSystem}) {
    EXPECT_TRUE(groups_.update(caller(who), id, {.description = to_string(who)})) << who.value;
  }
  for (const UserId who : {kBusiness, kDomainOnly, kCopiedProfile}) {
    const Caller refused = caller(who);
    EXPECT_EQ(type_of(groups_.update(refused, id, {.description = "x"})),
              ErrorType::kInsufficientAccess)
        << who.value;
    EXPECT_EQ(type_of(groups_.create(refused, {.label = "x"})), ErrorType::kInsufficientAccess);
    EXPECT_EQ(type_of(groups_.remove(refused, id)), ErrorType::kInsufficientAccess);
  }
}

TEST_F(GroupServiceTest, TheCallersRightsAreThoseOfTheMoment) {
  const Caller owner = caller(kOwner);
  add(make_member(kOwner.value, kQuality, kBusinessAdmin));
  EXPECT_EQ(type_of(groups_.create(owner, {.label = "x"})), ErrorType::kInsufficientAccess);
}

TEST_F(GroupServiceTest, SystemGroupsStay) {
  Group system{.id = GroupId{2}, .name = "all__v", .label = "All", .description = {}};
  system.system_group = true;
  seed(system);
  const Caller owner = caller(kOwner);
  EXPECT_EQ(type_of(groups_.remove(owner, system.id)), ErrorType::kOperationNotAllowed);
  EXPECT_EQ(type_of(groups_.update(owner, system.id, {.label = "x"})),
            ErrorType::kOperationNotAllowed);
  ASSERT_TRUE(groups_.update(owner, system.id, {.allow_delegation = true}));
  EXPECT_TRUE(stored(system.id).allow_delegation);
}

TEST_F(GroupServiceTest, ProfilesImplyMembersWhereTheyAreActive) {
  const GroupId id =
      create({.label = "Team", .security_profiles = std::vector<std::string>{"author__c"}});
  const DomainPtr kept = domain();
  const Group& group = *kept->find_group(id);
  EXPECT_TRUE(kept->is_implied_member(group, *load(kCopiedProfile), kQuality));
  EXPECT_TRUE(kept->is_member(group, *load(kCopiedProfile), kQuality));
  EXPECT_FALSE(kept->is_member(group, *load(kCopiedProfile), kClinical));
  EXPECT_FALSE(kept->is_member(group, *load(kOwner), kQuality));
  auto inactive = make_user(7);
  inactive->set_membership({.vault_id = kQuality, .profile = ProfileIndex{7}, .active = false});
  EXPECT_FALSE(kept->is_implied_member(group, *inactive, kQuality));
  const auto members = groups_.vault_members(caller(kOwner));
  ASSERT_TRUE(members);
  EXPECT_EQ(members->front()->id, kFirstAdmin);
}

}  // namespace
}  // namespace muster::directory
