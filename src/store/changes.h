// What a transaction changes: the plain data that passes from the closure (Overlay) to the
// journal and from there to the memory image.
//
// A Layer answers "what is the newest state of this key", stamped with the transaction that
// wrote it. A transaction's own writes are a layer, and so are all writes that wait for the disk.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "directory/group_diff.h"
#include "directory/store.h"

namespace muster::store {

// Number of a transaction in commit order, from 1.
using Sequence = std::uint64_t;

// Digests are uniformly distributed already.
struct DigestHash {
  using is_avalanching = void;
  std::size_t operator()(const directory::Digest& digest) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, digest.data(), sizeof value);
    return value;
  }
};

using CredentialPtr = std::shared_ptr<const directory::Credential>;

struct Layer {
  template <typename Value>
  struct Stamped {
    Value value{};
    Sequence sequence = 0;
  };
  template <typename Key, typename Value, typename Hash = boost::hash<Key>>
  using Map = boost::unordered_flat_map<Key, Stamped<Value>, Hash>;
  template <typename Value>
  using UserMap = Map<directory::UserId, Value, std::hash<directory::UserId>>;

  UserMap<directory::UserPtr> users;
  // Owner of the key; none (0) = given up by its owner.
  Map<std::string, directory::UserId> names;
  Map<std::string, directory::UserId> federated_ids;
  Map<directory::Digest, std::optional<directory::Session>, DigestHash> sessions;  // nullopt: ended
  UserMap<CredentialPtr> credentials;

  [[nodiscard]] bool empty() const {
    return users.empty() && sessions.empty() && credentials.empty();
  }

  // Lays `newer` on top of this layer.
  void merge(const Layer& newer);
  // Removes the keys of `older` that nobody overwrote since `up_to`.
  void forget(const Layer& older, Sequence up_to);
};

// What a transaction remembers of bulk calls.
struct CallLog {
  struct Undone {
    std::string id;
    std::string by;
  };

  std::optional<directory::Batch> batch;
  std::optional<Undone> undone;
  std::optional<directory::KeptAnswer> answer;
  std::optional<Timestamp> forget_until;

  [[nodiscard]] bool empty() const { return !batch && !undone && !answer && !forget_until; }
};

struct Changes {
  Sequence sequence = 0;
  directory::Actor actor;
  Layer layer;
  // Every user of the layer once, in the order of the first write: before the transaction, and
  // after it.
  std::vector<directory::UserChange> users;
  // Those whose name or federated id is another one than before, new users among them. The image
  // need not compare texts while its readers wait.
  std::vector<directory::UserId> rekeyed;
  std::int64_t new_users = 0;
  std::int64_t new_admins = 0;                     // active Domain Admins; negative: fewer
  directory::DomainPtr domain;                     // null: unchanged
  std::vector<directory::GroupDifference> groups;  // of the domain, for the audit trail
  std::optional<directory::UserId> next_user_id;   // smallest id never given
  std::vector<directory::LoginAuditRow> logins;
  CallLog calls;

  [[nodiscard]] bool empty() const {
    return layer.empty() && !domain && !next_user_id && logins.empty() && calls.empty();
  }
};

}  // namespace muster::store
