// What changed since the last snapshot began: the rows the next one has to write.
// Plain data; the store guards it.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <utility>

#include "store/changes.h"

namespace muster::store {

struct DirtyKeys {
  boost::unordered_flat_set<directory::UserId, std::hash<directory::UserId>> users;
  boost::unordered_flat_set<directory::Digest, DigestHash> sessions;
  boost::unordered_flat_set<directory::UserId, std::hash<directory::UserId>> credentials;
  Sequence sequence = 0;        // of the newest transaction in here
  std::int64_t user_count = 0;  // of the directory after it

  // All keys; what comes later is collected anew.
  [[nodiscard]] DirtyKeys take() {
    return std::exchange(*this, {.users = {},
                                 .sessions = {},
                                 .credentials = {},
                                 .sequence = sequence,
                                 .user_count = user_count});
  }

  void add(const Changes& changes) {
    for (const auto& [id, user] : changes.layer.users) users.insert(id);
    for (const auto& [id_hash, session] : changes.layer.sessions) sessions.insert(id_hash);
    for (const auto& [id, credential] : changes.layer.credentials) credentials.insert(id);
    sequence = changes.sequence;
    user_count += changes.new_users;
  }
};

}  // namespace muster::store
