// Lets each user into a place once at a time (protocol section 5.6: one reader of the login
// audit trail per user).
//
//   auto turn = readers.enter(user_id);
//   if (!turn) return fail(ErrorType::kOperationInProgress, "...");
//
// Thread-safe. Turns do not outlive the object that gave them.
#pragma once

#include <memory>
#include <mutex>
#include <set>

#include "directory/ids.h"

namespace muster::vault_api {

class OneAtATime {
 public:
  // Leaves on destruction.
  class Turn {
   public:
    Turn(OneAtATime& place, directory::UserId user) : place_(place), user_(user) {}
    ~Turn() { place_.leave(user_); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    OneAtATime& place_;
    directory::UserId user_;
  };

  // Null while an earlier turn of the user lives.
  [[nodiscard]] std::unique_ptr<Turn> enter(directory::UserId user) {
    const std::scoped_lock lock(mutex_);
    if (!inside_.insert(user).second) return nullptr;
    return std::make_unique<Turn>(*this, user);
  }

 private:
  void leave(directory::UserId user) {
    const std::scoped_lock lock(mutex_);
    inside_.erase(user);
  }

  std::mutex mutex_;
  std::set<directory::UserId> inside_;
};

}  // namespace muster::vault_api
