// Lets each key into a place once at a time (protocol 5.6: one reader of the login audit trail per
// user; 7.3: one call per Idempotency-Key).
//
//   auto turn = readers.enter(user_id);
//   if (!turn) return fail(ErrorType::kOperationInProgress, "...");
//
// Thread-safe. Turns do not outlive the object that gave them.
#pragma once

#include <memory>
#include <mutex>
#include <set>

namespace muster::vault_api {

template <typename Key>
class OneAtATime {
 public:
  // Leaves on destruction.
  class Turn {
   public:
    Turn(OneAtATime& place, const Key& key) : place_(place), key_(key) {}
    ~Turn() { place_.leave(key_); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    OneAtATime& place_;
    Key key_;
  };

  // Null while an earlier turn of the key lives.
  [[nodiscard]] std::unique_ptr<Turn> enter(const Key& key) {
    const std::scoped_lock lock(mutex_);
    if (!inside_.insert(key).second) return nullptr;
    return std::make_unique<Turn>(*this, key);
  }

 private:
  void leave(const Key& key) {
    const std::scoped_lock lock(mutex_);
    inside_.erase(key);
  }

  std::mutex mutex_;
  std::set<Key> inside_;
};

}  // namespace muster::vault_api
