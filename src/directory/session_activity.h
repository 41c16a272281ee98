// When each session was last used, in memory: the exact idle clock of this process. The store
// learns it at most once a minute, away from the requests.
//
// The idle clock is steady time and stands still while a request of the session runs. A session
// first seen after a restart counts from its stored last activity, or from the service's start if
// that is later; activity that another process stored counts too.
//
// Thread-safe; nothing here waits. Held by shared_ptr since running requests keep it alive; the
// clock outlives them.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "directory/clock.h"
#include "directory/secrets.h"
#include "directory/session.h"

namespace muster::directory {

class SessionActivity : public std::enable_shared_from_this<SessionActivity> {
 public:
  explicit SessionActivity(const Clock& clock);

  // Since the end of the last request; 0 while one runs.
  [[nodiscard]] std::chrono::milliseconds idle(const Session& session);

  // A request of the session begins; it ends when the last copy of the answer is gone.
  // Null when the session was idle for longer than `idle_max`.
  [[nodiscard]] std::shared_ptr<const void> begin_request(const Session& session,
                                                          std::chrono::milliseconds idle_max);

  // Restarts the idle clock of a known session.
  void touch(const Digest& id_hash);

  void forget(const Digest& id_hash);

  // Sessions known and not forgotten.
  [[nodiscard]] std::size_t count() const;

  // Sessions whose activity is newer than the store knows by limits::kSessionTouchMs or more.
  struct Unsaved {
    Digest id_hash{};
    Timestamp last_activity{};
  };
  [[nodiscard]] std::vector<Unsaved> unsaved() const;
  // The store has it now.
  void saved(const Unsaved& entry);

  // Known sessions idle for longer than that.
  [[nodiscard]] std::vector<Digest> idle_longer_than(std::chrono::milliseconds limit) const;

 private:
  struct Entry {
    std::chrono::milliseconds last;  // steady time
    Timestamp stored;                // last activity as the store has it
    int running = 0;
  };
  // Both with mutex_ held.
  [[nodiscard]] Entry& entry_of(const Session& session);
  [[nodiscard]] std::chrono::milliseconds idle(const Entry& entry) const;

  void end_request(const Digest& id_hash);

  const Clock& clock_;
  const Timestamp started_;

  mutable std::mutex mutex_;
  std::unordered_map<Digest, Entry, DigestHash> entries_;
};

}  // namespace muster::directory
