#include "directory/session_activity.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace muster::directory {

using std::chrono::milliseconds;

SessionActivity::SessionActivity(const Clock& clock) : clock_(clock), started_(clock.now()) {}

SessionActivity::Entry& SessionActivity::entry_of(const Session& session) {
  const milliseconds steady = clock_.steady();
  const auto steady_at = [&](Timestamp wall) {
    return steady - std::max(milliseconds(0), clock_.now() - wall);
  };
  const auto [found, is_new] = entries_.try_emplace(session.id_hash);
  Entry& entry = found->second;
  if (is_new) {
    entry.last = steady_at(std::max(session.last_activity, started_));
    entry.stored = session.last_activity;
  } else if (session.last_activity > entry.stored) {  // by another process
    entry.last = std::max(entry.last, steady_at(session.last_activity));
    entry.stored = session.last_activity;
  }
  return entry;
}

milliseconds SessionActivity::idle(const Entry& entry) const {
  return entry.running > 0 ? milliseconds(0) : clock_.steady() - entry.last;
}

milliseconds SessionActivity::idle(const Session& session) {
  const std::lock_guard lock(mutex_);
  return idle(entry_of(session));
}

std::shared_ptr<const void> SessionActivity::begin_request(const Session& session,
                                                           milliseconds idle_max) {
  // The guard itself says nothing; what counts is when it dies.
  struct Running {
    Running(std::shared_ptr<SessionActivity> activity, const Digest& hash)
        : table(std::move(activity)), id_hash(hash) {}
    ~Running() { table->end_request(id_hash); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    std::shared_ptr<SessionActivity> table;
    Digest id_hash;
  };
  {
    const std::lock_guard lock(mutex_);
    Entry& entry = entry_of(session);
    if (idle(entry) > idle_max) return nullptr;
    ++entry.running;
  }
  return std::make_shared<const Running>(shared_from_this(), session.id_hash);
}

void SessionActivity::end_request(const Digest& id_hash) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(id_hash);
  if (entry == entries_.end()) return;  // the session was ended meanwhile
  --entry->second.running;
  entry->second.last = clock_.steady();
}

void SessionActivity::touch(const Digest& id_hash) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(id_hash);
  if (entry != entries_.end()) entry->second.last = clock_.steady();
}

void SessionActivity::forget(const Digest& id_hash) {
  const std::lock_guard lock(mutex_);
  entries_.erase(id_hash);
}

std::size_t SessionActivity::count() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::vector<SessionActivity::Unsaved> SessionActivity::unsaved() const {
  const Timestamp now = clock_.now();
  std::vector<Unsaved> result;
  const std::lock_guard lock(mutex_);
  for (const auto& [id_hash, entry] : entries_) {
    const Timestamp last = now - idle(entry);
    if (last - entry.stored >= milliseconds(limits::kSessionTouchMs)) {
      result.push_back({id_hash, last});
    }
  }
  return result;
}

void SessionActivity::saved(const Unsaved& entry) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(entry.id_hash);
  if (found != entries_.end()) {
    found->second.stored = std::max(found->second.stored, entry.last_activity);
  }
}

std::vector<Digest> SessionActivity::idle_longer_than(milliseconds limit) const {
  std::vector<Digest> result;
  const std::lock_guard lock(mutex_);
  for (const auto& [id_hash, entry] : entries_) {
    if (idle(entry) > limit) result.push_back(id_hash);
  }
  return result;
}

}  // namespace muster::directory
