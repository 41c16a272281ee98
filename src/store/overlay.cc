#include "store/overlay.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "base/assert.h"
#include "store/user_page.h"
#include "store/user_scan.h"

namespace muster::store {

using directory::Digest;
using directory::FieldId;
using directory::Session;
using directory::User;
using directory::UserChange;
using directory::UserId;
using directory::UserPtr;

namespace {

void prefetch(const User* user) {
  constexpr std::size_t kLine = 64;
  for (std::size_t at = 0; at < sizeof(User); at += kLine) {
    __builtin_prefetch(reinterpret_cast<const char*>(user) + at);
  }
}

}  // namespace

Head Head::of(const MemoryImage& image, Sequence sequence) {
  return {.pending = {},
          .sequence = sequence,
          .domain = image.domain(),
          .users = image.count_users(),
          .active_domain_admins = image.count_active_domain_admins(),
          .next_user_id = image.next_user_id(),
          .recorded_user_id = image.next_user_id()};
}

void Head::accept(const Changes& changes) {
  sequence = changes.sequence;
  pending.merge(changes.layer);
  if (changes.domain) domain = changes.domain;
  if (changes.next_user_id) recorded_user_id = *changes.next_user_id;
  users += changes.new_users;
  active_domain_admins += changes.new_admins;
}

Overlay::Overlay(const SharedImage& shared, Head& head, AuditSource& audit,
                 const directory::Actor& actor)
    : shared_(shared), head_(head), audit_(audit) {
  own_.sequence = head.sequence + 1;
  own_.actor = actor;
}

Result<void> Overlay::run(const std::function<Result<void>(directory::Transaction&)>& work) {
  if (Result<void> done = work(*this); !done) return done;
  if (broken_) return std::unexpected(*broken_);
  if (head_.next_user_id != head_.recorded_user_id) own_.next_user_id = head_.next_user_id;
  return {};
}

// Lookups ----------------------------------------------------------------------------------

const UserPtr* Overlay::find_place(UserId id) const {
  for (const Layer* layer : {&std::as_const(own_.layer), &std::as_const(head_.pending)}) {
    if (layer->users.empty()) continue;
    const auto found = layer->users.find(id);
    if (found != layer->users.end()) return &found->second.value;
  }
  return shared_.image.find_place(id);
}

UserPtr Overlay::find(UserId id) const {
  const UserPtr* const place = find_place(id);
  return place == nullptr ? nullptr : *place;
}

UserPtr Overlay::find_by_name(const std::string& folded_name) const {
  for (const Layer* layer : {&std::as_const(own_.layer), &std::as_const(head_.pending)}) {
    const auto found = layer->names.find(folded_name);
    if (found != layer->names.end()) {
      return found->second.value ? find(found->second.value) : nullptr;
    }
  }
  const UserPtr published = shared_.image.find_user_by_name(folded_name);
  return published ? find(published->id) : nullptr;
}

UserPtr Overlay::find_by_federated_id(const std::string& federated_id) const {
  for (const Layer* layer : {&std::as_const(own_.layer), &std::as_const(head_.pending)}) {
    const auto found = layer->federated_ids.find(federated_id);
    if (found != layer->federated_ids.end()) {
      return found->second.value ? find(found->second.value) : nullptr;
    }
  }
  const UserPtr published = shared_.image.find_user_by_federated_id(federated_id);
  return published ? find(published->id) : nullptr;
}

std::optional<Session> Overlay::session(const Digest& id_hash) const {
  for (const Layer* layer : {&std::as_const(own_.layer), &std::as_const(head_.pending)}) {
    const auto found = layer->sessions.find(id_hash);
    if (found != layer->sessions.end()) return found->second.value;
  }
  const Session* published = shared_.image.find_session(id_hash);
  return published == nullptr ? std::nullopt : std::optional(*published);
}

// Reader -----------------------------------------------------------------------------------

directory::DomainPtr Overlay::domain() { return own_.domain ? own_.domain : head_.domain; }

Result<std::vector<UserPtr>> Overlay::find_users(std::span<const UserId> ids) {
  const std::shared_lock lock(shared_.mutex);
  // No cache holds a batch of random users. Asking for all of them before the first is looked at
  // lets the memory answer many at a time; counting a reference would wait for each one.
  std::vector<const UserPtr*> places;
  places.reserve(ids.size());
  for (const UserId id : ids) {
    places.push_back(find_place(id));
    if (places.back() != nullptr) prefetch(places.back()->get());
  }
  std::vector<UserPtr> users;
  users.reserve(ids.size());
  for (const UserPtr* place : places) {
    if (place != nullptr) (*place)->prefetch_texts();
    users.push_back(place == nullptr ? nullptr : *place);
  }
  return users;
}

Result<std::vector<UserPtr>> Overlay::find_users_by_name(
    std::span<const std::string> folded_names) {
  const std::shared_lock lock(shared_.mutex);
  std::vector<UserPtr> users;
  users.reserve(folded_names.size());
  for (const std::string& name : folded_names) users.push_back(find_by_name(name));
  return users;
}

Result<std::vector<UserPtr>> Overlay::find_users_by_federated_id(
    std::span<const std::string> federated_ids) {
  const std::shared_lock lock(shared_.mutex);
  std::vector<UserPtr> users;
  users.reserve(federated_ids.size());
  for (const std::string& id : federated_ids) users.push_back(find_by_federated_id(id));
  return users;
}

// Rare within a transaction, so plain.
std::vector<UserPtr> Overlay::all_users() const {
  std::vector<UserId> ids = shared_.image.user_ids();
  for (const Layer* layer : {&std::as_const(own_.layer), &std::as_const(head_.pending)}) {
    for (const auto& [id, user] : layer->users) {
      if (!shared_.image.find_user(id)) ids.push_back(id);
    }
  }
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());

  std::vector<UserPtr> users;
  users.reserve(ids.size());
  for (const UserId id : ids) users.push_back(find(id));
  return users;
}

Result<directory::UserPage> Overlay::list_users(const directory::UserQuery& query) {
  const std::shared_lock lock(shared_.mutex);
  const std::vector<UserPtr> users = all_users();
  std::vector<const UserPtr*> matching;
  for (const UserPtr& user : users) {
    if (matches(*user, query)) matching.push_back(&user);
  }
  return make_page(std::move(matching), query, *domain());
}

Result<std::vector<UserPtr>> Overlay::users_after(UserId after, std::size_t limit) {
  const std::shared_lock lock(shared_.mutex);
  std::vector<UserPtr> users = all_users();
  const auto first =
      std::ranges::upper_bound(users, after, {}, [](const UserPtr& user) { return user->id; });
  users.erase(users.begin(), first);
  users.resize(std::min(users.size(), limit));
  return users;
}

Result<directory::UserPage> Overlay::scan_users(const directory::UserScan& scan) {
  const std::shared_lock lock(shared_.mutex);
  const directory::DomainPtr in = domain();
  ScanPage page(scan, *in);
  for (const UserPtr& user : all_users()) page.see(user);
  return page.take();
}

Result<std::int64_t> Overlay::count_users() { return head_.users + own_.new_users; }

Result<std::optional<Session>> Overlay::find_session(const Digest& id_hash) {
  const std::shared_lock lock(shared_.mutex);
  return session(id_hash);
}

Result<std::vector<Session>> Overlay::find_stale_sessions(Timestamp idle_since,
                                                          Timestamp created_before,
                                                          std::size_t limit) {
  const std::shared_lock lock(shared_.mutex);
  std::vector<Session> stale = shared_.image.stale_sessions(idle_since, created_before);
  // Those that were written since count as they are now.
  std::erase_if(stale, [&](const Session& published) {
    return own_.layer.sessions.contains(published.id_hash) ||
           head_.pending.sessions.contains(published.id_hash);
  });
  for (const Layer* layer : {&head_.pending, &own_.layer}) {
    for (const auto& [id_hash, stamped] : layer->sessions) {
      const bool overwritten = layer != &own_.layer && own_.layer.sessions.contains(id_hash);
      if (overwritten || !stamped.value) continue;
      if (is_stale(*stamped.value, idle_since, created_before)) stale.push_back(*stamped.value);
    }
  }
  keep_longest_idle(stale, limit);
  return stale;
}

Result<std::optional<directory::Credential>> Overlay::find_credential(UserId id) {
  for (const Layer* layer : {&std::as_const(own_.layer), &std::as_const(head_.pending)}) {
    const auto found = layer->credentials.find(id);
    if (found != layer->credentials.end()) return *found->second.value;
  }
  const std::shared_lock lock(shared_.mutex);
  const CredentialPtr published = shared_.image.find_credential(id);
  if (!published) return std::nullopt;
  return *published;
}

Result<directory::AuditPage<directory::DomainAuditRow>> Overlay::domain_audit(
    const directory::AuditQuery& query) {
  return audit_.domain_audit(query);
}

Result<directory::AuditPage<directory::LoginAuditRow>> Overlay::login_audit(
    const directory::AuditQuery& query) {
  return audit_.login_audit(query);
}

Result<std::optional<directory::Batch>> Overlay::find_batch(const std::string& id) {
  return audit_.find_batch(id);
}

Result<directory::BatchPage> Overlay::list_batches(const directory::BatchQuery& query) {
  return audit_.list_batches(query);
}

Result<std::vector<directory::DomainAuditRow>> Overlay::audit_of_batch(const std::string& id) {
  return audit_.audit_of_batch(id);
}

Result<std::optional<directory::KeptAnswer>> Overlay::find_answer(const directory::Digest& key) {
  return audit_.find_answer(key);
}

// Transaction ------------------------------------------------------------------------------

Result<std::int64_t> Overlay::count_active_domain_admins() {
  return head_.active_domain_admins + own_.new_admins;
}

Result<std::vector<UserId>> Overlay::allocate_user_ids(std::size_t count) {
  constexpr std::int64_t kIdMax = std::numeric_limits<std::int32_t>::max();
  const std::int64_t first = head_.next_user_id.value;
  if (std::cmp_greater(count, kIdMax - first)) {
    return fail(ErrorType::kUnexpectedError, "The directory has no user ids left.");
  }
  std::vector<UserId> ids;
  ids.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    ids.push_back(head_.next_user_id);
    ++head_.next_user_id.value;
  }
  return ids;
}

Result<void> Overlay::put_users(std::vector<UserChange> changes) {
  const std::shared_lock lock(shared_.mutex);
  own_.users.reserve(own_.users.size() + changes.size());
  own_.layer.users.reserve(own_.layer.users.size() + changes.size());
  for (const UserChange& change : changes) {
    if (!change.before && find(change.after->id)) {
      return race("User " + to_string(change.after->id) + " was changed by someone else.");
    }
    if (!change.before || !keeps_keys(*change.before, *change.after)) {
      own_.rekeyed.push_back(change.after->id);
    }
  }
  // All old keys are given up first: two users of one batch may swap their names.
  for (const UserChange& change : changes) {
    if (change.before) release_keys(*change.before, *change.after);
  }
  for (const UserChange& change : changes) {
    if (Result<void> done = claim_keys(change.before, *change.after); !done) return done;
  }
  for (UserChange& change : changes) put(std::move(change));
  return {};
}

Result<void> Overlay::race(std::string message) {
  broken_ = Error{ErrorType::kRaceCondition, std::move(message)};
  return std::unexpected(*broken_);
}

void Overlay::release_keys(const User& before, const User& after) {
  if (!before.user_name().empty() &&
      !equal_in_index<FieldId::kUserName>(before.user_name(), after.user_name())) {
    own_.layer.names[directory::fold_user_name(before.user_name())] = {UserId{}, own_.sequence};
  }
  const std::string_view federated_id = before.text(FieldId::kFederatedId);
  if (!federated_id.empty() && federated_id != after.text(FieldId::kFederatedId)) {
    own_.layer.federated_ids[std::string(federated_id)] = {UserId{}, own_.sequence};
  }
}

Result<void> Overlay::claim_keys(const UserPtr& before, const User& after) {
  if (!after.user_name().empty() &&
      !(before && equal_in_index<FieldId::kUserName>(before->user_name(), after.user_name()))) {
    std::string name = directory::fold_user_name(after.user_name());
    const UserPtr owner = find_by_name(name);
    if (owner && owner->id != after.id) return race("The user name " + name + " was just taken.");
    own_.layer.names[std::move(name)] = {after.id, own_.sequence};
  }
  const std::string federated_id(after.text(FieldId::kFederatedId));
  if (!federated_id.empty() && !(before && before->text(FieldId::kFederatedId) == federated_id)) {
    const UserPtr owner = find_by_federated_id(federated_id);
    if (owner && owner->id != after.id) {
      return race("The federated id " + federated_id + " was just taken.");
    }
    own_.layer.federated_ids[federated_id] = {after.id, own_.sequence};
  }
  return {};
}

void Overlay::put(UserChange change) {
  const UserPtr& before = change.before;
  const UserPtr& after = change.after;
  const UserId id = after->id;
  if (!before) ++own_.new_users;
  own_.new_admins += (is_active_domain_admin(*after) ? 1 : 0) -
                     (before && is_active_domain_admin(*before) ? 1 : 0);
  if (id >= head_.next_user_id) head_.next_user_id = UserId{id.value + 1};

  const auto [slot, is_first] = own_.layer.users.try_emplace(id, after, own_.sequence);
  if (is_first) {
    own_.users.push_back(std::move(change));
    return;
  }
  slot->second.value = after;
  const auto earlier = std::ranges::find_if(
      own_.users, [&](const UserChange& other) { return other.after->id == id; });
  earlier->after = after;
  earlier->leaves_row |= change.leaves_row;
}

Result<void> Overlay::put_domain(directory::Domain domain) {
  own_.groups = directory::diff_groups(head_.domain->groups, domain.groups);
  own_.domain = std::make_shared<const directory::Domain>(std::move(domain));
  return {};
}

Result<void> Overlay::put_session(const Session& session) {
  own_.layer.sessions[session.id_hash] = {session, own_.sequence};
  return {};
}

Result<void> Overlay::end_session(const Digest& id_hash) {
  const std::shared_lock lock(shared_.mutex);
  if (session(id_hash)) own_.layer.sessions[id_hash] = {std::nullopt, own_.sequence};
  return {};
}

Result<void> Overlay::end_sessions_of(UserId id, std::optional<Digest> except) {
  const std::shared_lock lock(shared_.mutex);
  const auto published = shared_.image.sessions_of(id);
  std::vector<Digest> candidates(published.begin(), published.end());
  for (const Layer* layer : {&std::as_const(own_.layer), &std::as_const(head_.pending)}) {
    for (const auto& [id_hash, stamped] : layer->sessions) candidates.push_back(id_hash);
  }
  for (const Digest& id_hash : candidates) {
    if (except == id_hash) continue;
    const std::optional<Session> now = session(id_hash);
    if (now && (now->user_id == id || now->delegate_user_id == id)) {
      own_.layer.sessions[id_hash] = {std::nullopt, own_.sequence};
    }
  }
  return {};
}

Result<void> Overlay::put_credential(UserId id, const directory::Credential& credential) {
  own_.layer.credentials[id] = {std::make_shared<const directory::Credential>(credential),
                                own_.sequence};
  return {};
}

Result<void> Overlay::set_last_login(UserId id, Timestamp at) {
  const std::shared_lock lock(shared_.mutex);
  const UserPtr before = find(id);
  if (!before) return fail(ErrorType::kUserNotFound, "No user " + to_string(id) + ".");
  auto after = std::make_shared<User>(*before);
  after->last_login = at;
  put({.before = before, .after = std::move(after)});
  return {};
}

Result<void> Overlay::append_login(const directory::LoginAuditRow& row) {
  own_.logins.push_back(row);
  return {};
}

Result<void> Overlay::put_batch(const directory::Batch& batch) {
  MUSTER_ASSERT(!own_.calls.batch);
  own_.calls.batch = batch;
  return {};
}

Result<void> Overlay::mark_undone(const std::string& id, const std::string& by) {
  own_.calls.undone = {.id = id, .by = by};
  return {};
}

Result<void> Overlay::keep_answer(const directory::KeptAnswer& answer) {
  MUSTER_ASSERT(!own_.calls.answer);
  own_.calls.answer = answer;
  return {};
}

Result<void> Overlay::forget_answers(Timestamp until) {
  own_.calls.forget_until = until;
  return {};
}

}  // namespace muster::store
