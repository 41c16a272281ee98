#include "directory/group_diff.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace muster::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Group make_group(std::int64_t id, std::string label) {
  Group group;
  group.id = GroupId{id};
  group.label = std::move(label);
  return group;
}

std::vector<std::string> lines(const std::vector<Group>& before, const std::vector<Group>& after) {
  std::vector<std::string> texts;
  for (const GroupDifference& group : diff_groups(before, after)) {
    std::string line = group.label;
    for (const auto& change : group.changes) {
      line += " | " + change.field + ": " + change.old_value + " -> " + change.new_value;
    }
    texts.push_back(std::move(line));
  }
  return texts;
}

TEST(GroupDiff, EqualGroupsDoNotDiffer) {
  const std::vector<Group> groups{make_group(1, "A"), make_group(2, "B")};
  EXPECT_THAT(lines(groups, groups), IsEmpty());
  EXPECT_THAT(lines(groups, {groups[1], groups[0]}), IsEmpty()) << "their order says nothing";
}

TEST(GroupDiff, StampsAreNoDifference) {
  Group stamped = make_group(1, "A");
  stamped.modified_by = UserId{25001};
  EXPECT_THAT(lines({make_group(1, "A")}, {stamped}), IsEmpty());
}

TEST(GroupDiff, OfMembersOnlyWhoWentAndWhoCame) {
  Group before = make_group(1, "A");
  before.members = {UserId{1}, UserId{2}, UserId{3}};
  Group after = before;
  after.members = {UserId{2}, UserId{4}, UserId{5}};
  EXPECT_THAT(lines({before}, {after}), ElementsAre("A | members__v: 1,3 -> 4,5"));
  after.members = {UserId{1}, UserId{2}, UserId{3}, UserId{4}};
  EXPECT_THAT(lines({before}, {after}), ElementsAre("A | members__v:  -> 4"));
}

TEST(GroupDiff, WhoIsGoneComesAfterWhoIsThere) {
  Group off = make_group(3, "C");
  off.active = false;
  const std::string flags = " | allow_delegation_among_members__v: ";
  EXPECT_THAT(lines({make_group(1, "A"), make_group(3, "C")}, {off, make_group(4, "D")}),
              ElementsAre("C | active__v: true -> false",
                          "D | label__v:  -> D | active__v:  -> true" + flags + " -> false",
                          "A | label__v: A ->  | active__v: true -> " + flags + "false -> "));
}

}  // namespace
}  // namespace muster::directory
