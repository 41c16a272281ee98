// The groups of a domain, as a caller may change them (protocol section 5.3).
//
//   GroupService groups(store, clock);
//   auto id = groups.create(caller, {.label = "Authors", .members = MemberEdit{.ids = {...}}});
//
// Every success is durable; the caller is looked up again. Thread-safe and without state of its
// own: made where it is used. Store and clock outlive it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "directory/caller.h"
#include "directory/clock.h"
#include "directory/domain.h"
#include "directory/store.h"

namespace muster::directory {

struct MemberEdit {
  enum class How : std::uint8_t { kReplace, kAdd, kDelete };
  How how = How::kReplace;
  std::vector<UserId> ids;  // in any order
};

// What a call says of a group; what it does not say stays. REQUIRES: texts are valid UTF-8.
struct GroupChange {
  std::optional<std::string> label = std::nullopt;        // 1 to 255 code points
  std::optional<std::string> description = std::nullopt;  // up to 200 code points, empty = none
  std::optional<MemberEdit> members = std::nullopt;
  std::optional<std::vector<std::string>> security_profiles = std::nullopt;  // replace, by name
  std::optional<bool> active = std::nullopt;
  std::optional<bool> allow_delegation = std::nullopt;
};

class GroupService {
 public:
  static constexpr std::size_t kLabelLength = 255;        // code points
  static constexpr std::size_t kDescriptionLength = 200;  // code points

  GroupService(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // All of them: kInvalidSessionId; kInsufficientAccess unless the caller administers the session's
  // vault; kInvalidData for a group, member or profile that is not there, a text that is too long
  // or more than limits allow; kItemNameExists for the label of another group, case ignored.
  // A system group: only its allow_delegation changes, and it stays (kOperationNotAllowed).

  // Also kParameterRequired: no label. The name is made of the label.
  [[nodiscard]] Result<GroupId> create(const Caller& caller, const GroupChange& change);
  [[nodiscard]] Result<void> update(const Caller& caller, GroupId id, const GroupChange& change);
  [[nodiscard]] Result<void> remove(const Caller& caller, GroupId id);

  // All users who may be implied members: those of the session's vault, ascending by id.
  [[nodiscard]] Result<std::vector<UserPtr>> vault_members(const Caller& caller);

 private:
  Store& store_;
  const Clock& clock_;
};

}  // namespace muster::directory
