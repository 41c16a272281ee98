#include "directory/group_service.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "directory/session_people.h"

namespace muster::directory {
namespace {

std::unexpected<Error> no_such_group(GroupId id) {
  return fail(ErrorType::kInvalidData, "Group [" + to_string(id) + "] does not exist.");
}

// "Cholecap Team" -> "cholecap_team__c", with a number where that is taken.
std::string make_name(const Domain& domain, std::string_view label) {
  std::string base = ascii_lower(label);
  std::ranges::replace_if(base, [](char c) { return !is_word(std::string_view(&c, 1)); }, '_');
  const auto name = [&](std::size_t number) {
    return base + (number > 1 ? std::to_string(number) : std::string()) + "__c";
  };
  std::size_t number = 1;
  while (std::ranges::find(domain.groups, name(number), &Group::name) != domain.groups.end()) {
    ++number;
  }
  return name(number);
}

// Above those of the system and of a seed file; never one of a deleted group.
GroupId next_id(const Domain& domain) {
  constexpr GroupId kLastReserved{1000};
  GroupId last = std::max(domain.last_group_id, kLastReserved);
  for (const Group& group : domain.groups) last = std::max(last, group.id);
  return GroupId{last.value + 1};
}

// The users named that are to be members must be there.
Result<void> check_members(Reader& reader, const std::vector<UserId>& ids) {
  const auto users = reader.find_users(ids);
  if (!users) return std::unexpected(users.error());
  const auto missing = std::ranges::find(*users, nullptr);
  if (missing == users->end()) return {};
  return fail(ErrorType::kInvalidData,
              "User [" + to_string(ids[static_cast<std::size_t>(missing - users->begin())]) +
                  "] in [members__v] does not exist.");
}

// One change of one group, judged against the domain of this moment.
class Edit {
 public:
  Edit(Reader& reader, const Domain& domain, const GroupChange& change)
      : reader_(reader), domain_(domain), change_(change) {}

  Result<void> apply(Group& group) const {
    if (auto done = put_label(group); !done) return done;
    if (auto done = put_description(group); !done) return done;
    if (auto done = put_profiles(group); !done) return done;
    if (auto done = put_members(group); !done) return done;
    if (change_.active) group.active = *change_.active;
    if (change_.allow_delegation) group.allow_delegation = *change_.allow_delegation;
    return {};
  }

 private:
  Result<void> put_label(Group& group) const {
    if (!change_.label) return {};
    const std::string& label = *change_.label;
    if (label.empty()) return fail(ErrorType::kInvalidData, "Field [label__v] may not be empty.");
    if (count_code_points(label) > GroupService::kLabelLength) {
      return too_long("label__v", GroupService::kLabelLength);
    }
    for (const Group& other : domain_.groups) {
      if (other.id != group.id && equals_ignoring_case(other.label, label)) {
        return fail(ErrorType::kItemNameExists,
                    "A group with the label [" + excerpt(label) + "] exists.");
      }
    }
    group.label = label;
    return {};
  }

  Result<void> put_description(Group& group) const {
    if (!change_.description) return {};
    if (count_code_points(*change_.description) > GroupService::kDescriptionLength) {
      return too_long("group_description__v", GroupService::kDescriptionLength);
    }
    group.description = *change_.description;
    return {};
  }

  Result<void> put_profiles(Group& group) const {
    if (!change_.security_profiles) return {};
    std::vector<std::string> names;
    for (const std::string& name : *change_.security_profiles) {
      if (!domain_.find_profile(name)) {
        return fail(ErrorType::kInvalidData,
                    "Security profile [" + excerpt(name) + "] does not exist.");
      }
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    group.security_profiles = std::move(names);
    return {};
  }

  Result<void> put_members(Group& group) const {
    if (!change_.members) return {};
    std::vector<UserId> ids = change_.members->ids;
    std::ranges::sort(ids);
    const auto twice = std::ranges::unique(ids);
    ids.erase(twice.begin(), twice.end());

    std::vector<UserId> members;
    switch (change_.members->how) {
      case MemberEdit::How::kReplace:
        members = ids;
        break;
      case MemberEdit::How::kAdd:
        std::ranges::set_union(group.members, ids, std::back_inserter(members));
        break;
      case MemberEdit::How::kDelete:
        std::ranges::set_difference(group.members, ids, std::back_inserter(members));
        ids.clear();  // nobody comes in
        break;
    }
    if (members.size() > limits::kGroupMembersMax) {
      return fail(ErrorType::kInvalidData,
                  "A group has at most " + std::to_string(limits::kGroupMembersMax) + " members.");
    }
    group.members = std::move(members);
    return check_members(reader_, ids);
  }

  static std::unexpected<Error> too_long(std::string_view field, std::size_t length) {
    return fail(ErrorType::kInvalidData, "Field [" + std::string(field) + "] holds at most " +
                                             std::to_string(length) + " characters.");
  }

  Reader& reader_;
  const Domain& domain_;
  const GroupChange& change_;
};

bool is_for_system_groups(const GroupChange& change) {
  return !change.label && !change.description && !change.members && !change.security_profiles &&
         !change.active;
}

// Runs `work(tx, domain)` on a copy of the domain of this moment, which is kept when it succeeds
// and asks for it.
template <typename Work>
Result<void> change_groups(Store& store, const Caller& caller, const Actor& actor, Work work) {
  return store.write(actor, [&](Transaction& tx) -> Result<void> {
    const auto today = renewed(tx, caller, actor.at);
    if (!today) return std::unexpected(today.error());
    if (!today->administers(today->vault_id)) {
      return fail(ErrorType::kInsufficientAccess,
                  "Only System Admins and Vault Owners of this vault may change groups.");
    }
    Domain domain = *today->domain;
    const Result<bool> changed = work(tx, domain);
    if (!changed) return std::unexpected(changed.error());
    return *changed ? tx.put_domain(std::move(domain)) : Result<void>();
  });
}

Result<std::vector<Group>::iterator> find_group(Domain& domain, GroupId id) {
  const auto group = std::ranges::find(domain.groups, id, &Group::id);
  if (group == domain.groups.end()) return no_such_group(id);
  return group;
}

}  // namespace

Result<GroupId> GroupService::create(const Caller& caller, const GroupChange& change) {
  if (change.label.value_or("").empty()) {
    return fail(ErrorType::kParameterRequired, "Missing required parameter [label__v].");
  }
  const Actor actor = caller.actor("Create Group", clock_.now());
  GroupId id;
  const auto done =
      change_groups(store_, caller, actor, [&](Transaction& tx, Domain& domain) -> Result<bool> {
        if (domain.groups.size() >= limits::kGroupsMax) {
          return fail(ErrorType::kInvalidData,
                      "A domain has at most " + std::to_string(limits::kGroupsMax) + " groups.");
        }
        Group group;
        if (auto edited = Edit(tx, domain, change).apply(group); !edited) {
          return std::unexpected(edited.error());
        }
        group.id = id = domain.last_group_id = next_id(domain);
        group.name = make_name(domain, group.label);
        group.created_by = group.modified_by = actor.user_id;
        group.created_date = group.modified_date = actor.at;
        domain.groups.push_back(std::move(group));
        return true;
      });
  if (!done) return std::unexpected(done.error());
  return id;
}

Result<void> GroupService::update(const Caller& caller, GroupId id, const GroupChange& change) {
  const Actor actor = caller.actor("Update Group", clock_.now());
  return change_groups(store_, caller, actor, [&](Transaction& tx, Domain& domain) -> Result<bool> {
    const auto group = find_group(domain, id);
    if (!group) return std::unexpected(group.error());
    Group& edited = **group;
    if (edited.system_group && !is_for_system_groups(change)) {
      return fail(ErrorType::kOperationNotAllowed,
                  "Of a system group only [allow_delegation_among_members__v] can be changed.");
    }
    const Group before = edited;
    if (auto done = Edit(tx, domain, change).apply(edited); !done) {
      return std::unexpected(done.error());
    }
    if (edited == before) return false;
    edited.modified_by = actor.user_id;
    edited.modified_date = actor.at;
    return true;
  });
}

Result<void> GroupService::remove(const Caller& caller, GroupId id) {
  const Actor actor = caller.actor("Delete Group", clock_.now());
  return change_groups(store_, caller, actor, [&](Transaction&, Domain& domain) -> Result<bool> {
    const auto group = find_group(domain, id);
    if (!group) return std::unexpected(group.error());
    if ((*group)->system_group) {
      return fail(ErrorType::kOperationNotAllowed, "System groups cannot be deleted.");
    }
    domain.last_group_id = std::max(domain.last_group_id, id);
    domain.groups.erase(*group);
    return true;
  });
}

Result<std::vector<UserPtr>> GroupService::vault_members(const Caller& caller) {
  std::vector<UserPtr> users;
  const auto read = store_.read([&](Reader& reader) -> Result<void> {
    auto page = reader.list_users({.vaults = std::vector{caller.vault_id},
                                   .session_vault = caller.vault_id,
                                   .limit = std::numeric_limits<std::int32_t>::max()});
    if (!page) return std::unexpected(page.error());
    users = std::move(page->users);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return users;
}

}  // namespace muster::directory
