// The directory while it is rebuilt at start-up: the snapshot, then the journal's tail on top.
// Plain data, one thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>

#include "directory/session.h"
#include "directory/user.h"
#include "store/changes.h"
#include "store/embedded/dirty_keys.h"

namespace muster::store {

struct RecoveredState {
  boost::unordered_flat_map<directory::UserId, std::shared_ptr<directory::User>,
                            std::hash<directory::UserId>>
      users;
  boost::unordered_flat_map<directory::Digest, directory::Session, DigestHash> sessions;
  boost::unordered_flat_map<directory::UserId, CredentialPtr, std::hash<directory::UserId>>
      credentials;
  directory::DomainPtr domain;
  directory::UserId next_user_id;

  DirtyKeys dirty;                 // what the journal's tail touched
  std::int64_t journal_bytes = 0;  // length of that tail
};

}  // namespace muster::store
