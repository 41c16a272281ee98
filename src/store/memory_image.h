// The published directory in memory: what readers see.
//
//   std::shared_lock lock(shared.mutex);
//   UserPtr user = shared.image.find_user(id);
//
// Not thread-safe itself: SharedImage pairs it with the lock. Users are shared by pointer and
// immutable, so what was found stays valid after the lock is gone.
// Compact: an index holds user ids only and looks the text up in the user (about 60 bytes per
// user beyond the User itself).
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "directory/store.h"
#include "store/changes.h"
#include "store/fair_shared_mutex.h"
#include "store/text_index.h"
#include "store/user_scan.h"

namespace muster::store {

class MemoryImage {
 public:
  MemoryImage();
  MemoryImage(const MemoryImage&) = delete;  // the indexes point into it
  MemoryImage& operator=(const MemoryImage&) = delete;
  ~MemoryImage() = default;

  // Fills an empty image. REQUIRES: no id, no name and no federated id twice.
  void load(std::vector<directory::UserPtr> users);

  // Takes over the changes of one transaction. The users they replace are left in
  // `changes.layer`, so that freeing them costs the caller no time under the lock.
  void apply(Changes& changes);

  // Where the user is held: nullptr where there is none, else valid until the next apply().
  [[nodiscard]] const directory::UserPtr* find_place(directory::UserId id) const {
    const auto found = users_.find(id);
    return found == users_.end() ? nullptr : &found->second;
  }
  // Null where there is none. `folded_name` as fold_user_name() gives it.
  [[nodiscard]] directory::UserPtr find_user(directory::UserId id) const;
  [[nodiscard]] directory::UserPtr find_user_by_name(std::string_view folded_name) const;
  [[nodiscard]] directory::UserPtr find_user_by_federated_id(std::string_view federated_id) const;
  [[nodiscard]] directory::UserPage list_users(const directory::UserQuery& query) const;

  // Up to `limit` users with an id above `after`, in their order.
  [[nodiscard]] std::vector<directory::UserPtr> users_after(directory::UserId after,
                                                            std::size_t limit) const;

  // Shows `page` up to `count` users with an id from `from` on, in their order. What id comes next;
  // none: that were all.
  [[nodiscard]] std::optional<directory::UserId> scan_users(directory::UserId from,
                                                            std::size_t count,
                                                            ScanPage& page) const;

  [[nodiscard]] const directory::Session* find_session(const directory::Digest& id_hash) const;
  // As owner or delegate.
  [[nodiscard]] std::span<const directory::Digest> sessions_of(directory::UserId id) const;
  // All that is_stale() says so of.
  [[nodiscard]] std::vector<directory::Session> stale_sessions(Timestamp idle_since,
                                                               Timestamp created_before) const;
  [[nodiscard]] CredentialPtr find_credential(directory::UserId id) const;

  [[nodiscard]] const directory::DomainPtr& domain() const { return domain_; }
  [[nodiscard]] const std::vector<directory::UserId>& user_ids() const {
    return ids_;
  }  // ascending
  [[nodiscard]] std::int64_t count_users() const { return std::ssize(ids_); }
  [[nodiscard]] std::int64_t count_sessions() const { return std::ssize(sessions_); }
  [[nodiscard]] std::int64_t count_active_domain_admins() const { return active_domain_admins_; }
  [[nodiscard]] directory::UserId next_user_id() const { return next_user_id_; }

 private:
  void apply_users(Changes& changes);
  void insert_ids(std::vector<directory::UserId> added);
  void put_session(const directory::Session& session);
  void end_session(const directory::Digest& id_hash);
  void unlist_session(directory::UserId user, const directory::Digest& id_hash);

  UserTable users_;
  std::vector<directory::UserId> ids_;  // ascending
  NameIndex names_;
  FederatedIdIndex federated_ids_;
  boost::unordered_flat_map<directory::Digest, directory::Session, DigestHash> sessions_;
  boost::unordered_flat_map<directory::UserId, std::vector<directory::Digest>,
                            std::hash<directory::UserId>>
      sessions_by_user_;
  boost::unordered_flat_map<directory::UserId, CredentialPtr, std::hash<directory::UserId>>
      credentials_;
  directory::DomainPtr domain_;
  std::int64_t active_domain_admins_ = 0;
  directory::UserId next_user_id_;
};

struct SharedImage {
  mutable FairSharedMutex mutex;
  MemoryImage image;
};

[[nodiscard]] inline bool is_stale(const directory::Session& session, Timestamp idle_since,
                                   Timestamp created_before) {
  return session.last_activity < idle_since || session.created < created_before;
}

// Sorts by last activity and keeps at most `limit`.
void keep_longest_idle(std::vector<directory::Session>& sessions, std::size_t limit);

// Whether both have the same keys in the image's indexes.
[[nodiscard]] bool keeps_keys(const directory::User& before, const directory::User& after);

[[nodiscard]] inline bool is_active_domain_admin(const directory::User& user) {
  return user.is_domain_admin && user.domain_active;
}

}  // namespace muster::store
