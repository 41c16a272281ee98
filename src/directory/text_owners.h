// Who owns the unique texts (user names, federated ids) that the records of one batch ask for,
// as the accepted records change hands: a name freed by an earlier record is free for a later one.
//
//   owners.add("nadia@example.com", UserId{25001});      // or UserId{}: free
//   if (owners.is_taken("nadia@example.com", UserId{25002})) ...
//   owners.move("nadia@example.com", "n.brandt@example.com", UserId{25001});
//
// Not thread-safe: one per batch.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>

#include "base/assert.h"
#include "directory/ids.h"

namespace muster::directory {

class TextOwners {
 public:
  void add(std::string text, UserId owner) { owners_.insert_or_assign(std::move(text), owner); }

  // By somebody else than `user`. REQUIRES: `text` was added.
  [[nodiscard]] bool is_taken(const std::string& text, UserId user) const {
    const auto found = owners_.find(text);
    MUSTER_ASSERT(found != owners_.end());
    return found->second && found->second != user;
  }

  // `user` gives up `from` and takes `to`. Texts that nobody asks for are not kept.
  void move(const std::string& from, const std::string& to, UserId user) {
    assign(from, UserId{});
    assign(to, user);
  }

 private:
  void assign(const std::string& text, UserId owner) {
    const auto found = owners_.find(text);
    if (found != owners_.end()) found->second = owner;
  }

  std::unordered_map<std::string, UserId> owners_;
};

}  // namespace muster::directory
