#include "directory/group_diff.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace muster::directory {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    if (!all.empty()) all += ',';
    all += text;
  }
  return all;
}

// The members of `a` that are not in `b`.
std::string members_only_in(const Group& a, const Group& b) {
  std::vector<UserId> only;
  std::ranges::set_difference(a.members, b.members, std::back_inserter(only));
  std::vector<std::string> ids;
  ids.reserve(only.size());
  for (const UserId id : only) ids.push_back(to_string(id));
  return joined(ids);
}

std::string flag_text(bool flag) { return flag ? "true" : "false"; }

// Null: there was or is no such group.
GroupDifference difference(const Group* before, const Group* after) {
  static const Group kNone;
  GroupDifference result{.label = (after == nullptr ? before : after)->label, .changes = {}};
  const auto add = [&](std::string_view field, const auto& text_of) {
    std::string old_text = before == nullptr ? std::string() : text_of(*before);
    std::string new_text = after == nullptr ? std::string() : text_of(*after);
    if (old_text == new_text) return;
    result.changes.push_back({std::string(field), std::move(old_text), std::move(new_text)});
  };
  add("label__v", [](const Group& group) { return group.label; });
  add("group_description__v", [](const Group& group) { return group.description; });
  add("members__v", [&](const Group& group) {
    const Group* other = &group == before ? after : before;
    return members_only_in(group, other == nullptr ? kNone : *other);
  });
  add("security_profiles__v", [](const Group& group) { return joined(group.security_profiles); });
  add("active__v", [](const Group& group) { return flag_text(group.active); });
  add("allow_delegation_among_members__v",
      [](const Group& group) { return flag_text(group.allow_delegation); });
  return result;
}

const Group* find(const std::vector<Group>& groups, GroupId id) {
  const auto found = std::ranges::find(groups, id, &Group::id);
  return found == groups.end() ? nullptr : &*found;
}

}  // namespace

std::vector<GroupDifference> diff_groups(const std::vector<Group>& before,
                                         const std::vector<Group>& after) {
  std::vector<GroupDifference> differences;
  // Mostly both lists are the same but for one, in the same order.
  for (std::size_t i = 0; i < after.size(); ++i) {
    const Group* old =
        i < before.size() && before[i].id == after[i].id ? &before[i] : find(before, after[i].id);
    if (old != nullptr && *old == after[i]) continue;
    GroupDifference changed = difference(old, &after[i]);
    if (!changed.changes.empty()) differences.push_back(std::move(changed));
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool stays =
        (i < after.size() && after[i].id == before[i].id) || find(after, before[i].id) != nullptr;
    if (!stays) differences.push_back(difference(&before[i], nullptr));
  }
  return differences;
}

}  // namespace muster::directory
