#include "directory/session_service.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <unordered_set>
#include <utility>

#include "directory/delegated_login.h"
#include "directory/login_row.h"
#include "directory/login_vault.h"
#include "directory/session_id.h"
#include "directory/session_people.h"

namespace muster::directory {
namespace {

using std::chrono::milliseconds;

// The sessions' own housekeeping.
Actor server(std::string_view action, Timestamp at) {
  Actor actor;
  actor.action = action;
  actor.at = at;
  return actor;
}

// Who really acts in the session.
UserId acting_user_id(const Session& session) {
  return session.delegate_user_id ? session.delegate_user_id : session.user_id;
}

Result<UserPtr> find_user(Reader& reader, UserId id) {
  auto users = reader.find_users(std::span(&id, 1));
  if (!users) return std::unexpected(users.error());
  return std::move(users->front());
}

Result<Session> find_live_session(Reader& reader, const Digest& id_hash) {
  const auto found = reader.find_session(id_hash);
  if (!found) return std::unexpected(found.error());
  if (!*found) return invalid_session();
  return **found;
}

// Ends a session unless somebody else was faster, so that each ends with one row.
Result<void> end_with_row(Transaction& tx, const Digest& id_hash, std::string_view type,
                          std::string_view source_ip, Timestamp now) {
  const auto session = tx.find_session(id_hash);
  if (!session) return std::unexpected(session.error());
  if (!*session) return {};
  const Result<UserPtr> user = find_user(tx, acting_user_id(**session));
  if (!user) return std::unexpected(user.error());
  LoginAuditRow row =
      *user != nullptr ? login_row(**user, type, now) : login_row(std::string_view(), type, now);
  row.source_ip = source_ip;
  if (const Result<void> ended = tx.end_session(id_hash); !ended) return ended;
  return tx.append_login(row);
}

Result<void> store_activity(Transaction& tx, const SessionActivity::Unsaved& unsaved) {
  auto session = tx.find_session(unsaved.id_hash);
  if (!session) return std::unexpected(session.error());
  if (!*session || (*session)->last_activity >= unsaved.last_activity) return {};
  (*session)->last_activity = unsaved.last_activity;
  return tx.put_session(**session);
}

// `work(tx, item)` for all items, a bounded number of them per transaction.
template <typename Item, typename Work>
Result<void> write_in_parts(Store& store, const Actor& actor, std::span<const Item> items,
                            Work work) {
  while (!items.empty()) {
    const auto part = items.first(std::min(items.size(), limits::kSweptSessionsMax));
    const Result<void> written = store.write(actor, [&](Transaction& tx) -> Result<void> {
      for (const Item& item : part) {
        if (const Result<void> done = work(tx, item); !done) return done;
      }
      return {};
    });
    if (!written) return written;
    items = items.subspan(part.size());
  }
  return {};
}

}  // namespace

SessionService::SessionService(Store& store, const Clock& clock, const PasswordHasher& passwords,
                               const Hasher& hasher, RandomSource& random, SessionLimits limits)
    : store_(store),
      clock_(clock),
      passwords_(passwords),
      hasher_(hasher),
      random_(random),
      limits_(limits),
      burst_(store, clock, hasher, limits.logins_per_minute),
      strangers_(clock, hasher),
      activity_(std::make_shared<SessionActivity>(clock)) {}

Result<SessionService::Burst> SessionService::count_login(std::string_view user_name,
                                                          std::string_view vault_dns) {
  // By the vault that is meant: a client invents as many names as it likes.
  std::string vault_name;
  const Result<void> read = store_.read([&](Reader& reader) -> Result<void> {
    const DomainPtr domain = reader.domain();
    const Vault* vault = find_vault_called(*domain, vault_dns);
    vault_name = vault != nullptr ? vault->dns : std::string();
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return burst_.count(user_name, vault_name);
}

Result<LoginAnswer> SessionService::log_in(const LoginRequest& request) {
  std::string session_id = make_session_id(random_);
  Login login(store_, passwords_, strangers_, request, clock_.now());
  Result<LoginAnswer> answer = login.run(hasher_.sha256(session_id));
  if (answer) answer->session_id = std::move(session_id);
  return answer;
}

Result<Caller> SessionService::authenticate(std::string_view authorization) {
  const auto session_id = read_session_id(authorization);
  if (!session_id) return invalid_session();

  Caller caller;
  caller.session_hash = hasher_.sha256(*session_id);
  Session session;
  const Result<void> read = store_.read([&](Reader& reader) -> Result<void> {
    const Result<Session> found = find_live_session(reader, caller.session_hash);
    if (!found) return std::unexpected(found.error());
    session = *found;
    caller.vault_id = session.vault_id;
    return load_people(reader, session.user_id, session.delegate_user_id, caller);
  });
  if (!read) return std::unexpected(read.error());

  if (is_too_old(session)) return invalid_session();
  caller.session_end = session.created + milliseconds(limits_.life_ms);
  caller.running = activity_->begin_request(session, milliseconds(limits_.idle_ms));
  if (caller.running == nullptr) return invalid_session();
  return caller;
}

Result<std::vector<Delegation>> SessionService::delegations_of(const Caller& caller) {
  std::vector<Delegation> grants;
  const Result<void> read = store_.read([&](Reader& reader) -> Result<void> {
    auto usable = usable_grants(reader, caller);
    if (!usable) return std::unexpected(usable.error());
    grants = *std::move(usable);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return grants;
}

Result<std::string> SessionService::log_in_as_delegate(const Caller& caller, VaultId vault,
                                                       UserId delegator,
                                                       std::string_view source_ip) {
  std::string session_id = make_session_id(random_);
  const Actor actor = caller.actor(std::string(kDelegatedLogin), clock_.now());
  const Result<void> written = store_.write(actor, [&](Transaction& tx) -> Result<void> {
    const Result<Caller> today = renewed(tx, caller, actor.at);
    if (!today) return std::unexpected(today.error());
    return keep_delegated_session(tx, *today, vault, delegator, hasher_.sha256(session_id),
                                  source_ip, actor.at);
  });
  if (!written) return std::unexpected(written.error());
  return session_id;
}

void SessionService::touch(const Caller& caller) { activity_->touch(caller.session_hash); }

Result<void> SessionService::end(const Caller& caller, std::string_view source_ip) {
  const Timestamp now = clock_.now();
  const Result<void> ended =
      store_.write(caller.actor(std::string(kUserLogout), now), [&](Transaction& tx) {
        return end_with_row(tx, caller.session_hash, kUserLogout, source_ip, now);
      });
  if (ended) activity_->forget(caller.session_hash);
  return ended;
}

Result<void> SessionService::flush_activity() {
  const std::vector<SessionActivity::Unsaved> unsaved = activity_->unsaved();
  const Result<void> written = write_in_parts(store_, server("Session Activity", clock_.now()),
                                              std::span(unsaved), store_activity);
  if (!written) return written;
  for (const SessionActivity::Unsaved& entry : unsaved) activity_->saved(entry);
  return {};
}

Result<void> SessionService::sweep() {
  const Result<std::vector<Digest>> expired = find_expired();
  if (!expired) return std::unexpected(expired.error());
  const Timestamp now = clock_.now();
  const Result<void> ended =
      write_in_parts(store_, server(kSessionExpired, now), std::span(*expired),
                     [now](Transaction& tx, const Digest& id_hash) {
                       return end_with_row(tx, id_hash, kSessionExpired, {}, now);
                     });
  if (!ended) return ended;
  for (const Digest& id_hash : *expired) activity_->forget(id_hash);
  return {};
}

bool SessionService::is_too_old(const Session& session) const {
  return clock_.now() - session.created > milliseconds(limits_.life_ms);
}

// The store knows the sessions of earlier runs and other processes, this process knows those in
// use exactly; sessions that were ended elsewhere count as expired, so that they are forgotten.
Result<std::vector<Digest>> SessionService::find_expired() {
  const milliseconds idle_max(limits_.idle_ms);
  const Timestamp now = clock_.now();
  const std::vector<Digest> idle = activity_->idle_longer_than(idle_max);
  std::unordered_set<Digest, DigestHash> expired;
  const Result<void> read = store_.read([&](Reader& reader) -> Result<void> {
    auto sessions = reader.find_stale_sessions(now - idle_max, now - milliseconds(limits_.life_ms),
                                               limits::kSweptSessionsMax);
    if (!sessions) return std::unexpected(sessions.error());
    for (const Digest& id_hash : idle) {
      const auto session = reader.find_session(id_hash);
      if (!session) return std::unexpected(session.error());
      if (*session) {
        sessions->push_back(**session);
      } else {
        expired.insert(id_hash);
      }
    }
    for (const Session& session : *sessions) {
      if (is_too_old(session) || activity_->idle(session) > idle_max) {
        expired.insert(session.id_hash);
      }
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return std::vector(expired.begin(), expired.end());
}

}  // namespace muster::directory
