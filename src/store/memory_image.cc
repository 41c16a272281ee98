#include "store/memory_image.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <utility>

#include "store/user_page.h"

namespace muster::store {
namespace {

using directory::Digest;
using directory::FieldId;
using directory::Session;
using directory::User;
using directory::UserId;
using directory::UserPtr;

template <FieldId kField>
TextIndex<kField> make_index(const UserTable& users) {
  return TextIndex<kField>(0, TextHash<kField>{&users}, TextEqual<kField>{&users});
}

template <FieldId kField>
bool keeps_key(const User& before, const User& after) {
  return equal_in_index<kField>(before.text(kField), after.text(kField));
}

template <FieldId kField>
void remove_key(TextIndex<kField>& index, const User& user) {
  if (!user.text(kField).empty()) index.erase(user.id);
}

template <FieldId kField>
void add_key(TextIndex<kField>& index, const User& user) {
  if (!user.text(kField).empty()) index.insert(user.id);
}

}  // namespace

MemoryImage::MemoryImage()
    : names_(make_index<FieldId::kUserName>(users_)),
      federated_ids_(make_index<FieldId::kFederatedId>(users_)),
      domain_(std::make_shared<directory::Domain>()),
      next_user_id_{directory::kSystemUserId.value + 1} {}

void MemoryImage::load(std::vector<UserPtr> users) {
  std::ranges::sort(users, {}, &User::id);
  users_.reserve(users.size());
  names_.reserve(users.size());  // an index that grows hashes its texts again
  federated_ids_.reserve(users.size());
  ids_.reserve(users.size());
  for (UserPtr& user : users) {
    const User& loaded = *user;
    ids_.push_back(loaded.id);
    active_domain_admins_ += is_active_domain_admin(loaded) ? 1 : 0;
    users_.emplace(loaded.id, std::move(user));
    add_key(names_, loaded);
    add_key(federated_ids_, loaded);
  }
  if (!ids_.empty()) next_user_id_ = std::max(next_user_id_, UserId{ids_.back().value + 1});
}

void MemoryImage::apply(Changes& changes) {
  if (changes.domain) domain_ = changes.domain;
  if (changes.next_user_id) next_user_id_ = *changes.next_user_id;
  apply_users(changes);
  for (const auto& [id_hash, session] : changes.layer.sessions) {
    end_session(id_hash);
    if (session.value) put_session(*session.value);
  }
  for (auto& [id, credential] : changes.layer.credentials) {
    credentials_.insert_or_assign(id, credential.value);
  }
}

void MemoryImage::apply_users(Changes& changes) {
  // Old keys go first, all of them: two users may have swapped their names.
  for (const UserId id : changes.rekeyed) {
    const auto before = users_.find(id);
    if (before == users_.end()) continue;
    remove_key(names_, *before->second);
    remove_key(federated_ids_, *before->second);
  }
  std::vector<UserId> added;
  for (auto& [id, after] : changes.layer.users) {
    UserPtr& slot = users_[id];
    if (!slot) added.push_back(id);
    slot.swap(after.value);
  }
  for (const UserId id : changes.rekeyed) {
    const User& user = *users_.find(id)->second;
    add_key(names_, user);
    add_key(federated_ids_, user);
  }
  active_domain_admins_ += changes.new_admins;
  insert_ids(std::move(added));
}

void MemoryImage::insert_ids(std::vector<UserId> added) {
  if (added.empty()) return;
  std::ranges::sort(added);
  if (added.back() >= next_user_id_) next_user_id_ = UserId{added.back().value + 1};
  const auto middle = std::ssize(ids_);
  const bool in_order = ids_.empty() || ids_.back() < added.front();
  ids_.insert(ids_.end(), added.begin(), added.end());
  if (in_order) return;
  std::vector<UserId> merged;
  merged.reserve(ids_.size());
  std::merge(ids_.begin(), ids_.begin() + middle, ids_.begin() + middle, ids_.end(),
             std::back_inserter(merged));
  ids_ = std::move(merged);
}

UserPtr MemoryImage::find_user(UserId id) const {
  const UserPtr* const place = find_place(id);
  return place == nullptr ? nullptr : *place;
}

UserPtr MemoryImage::find_user_by_name(std::string_view folded_name) const {
  const auto found = names_.find(folded_name);
  return found == names_.end() ? nullptr : find_user(*found);
}

UserPtr MemoryImage::find_user_by_federated_id(std::string_view federated_id) const {
  const auto found = federated_ids_.find(federated_id);
  return found == federated_ids_.end() ? nullptr : find_user(*found);
}

directory::UserPage MemoryImage::list_users(const directory::UserQuery& query) const {
  if (query.sort == FieldId::kId && !query.vaults) {  // the default list looks at its page only
    const PageRange range = page_range(query, ids_.size());
    directory::UserPage page{{}, count_users()};
    for (std::size_t i = range.begin; i < range.end; ++i) {
      page.users.push_back(find_user(query.descending ? ids_[ids_.size() - 1 - i] : ids_[i]));
    }
    return page;
  }
  std::vector<const UserPtr*> matching;
  for (const UserId id : ids_) {
    const UserPtr& user = users_.find(id)->second;
    if (matches(*user, query)) matching.push_back(&user);
  }
  return make_page(std::move(matching), query, *domain_);
}

// A user is three places in memory that no cache holds: its slot, itself, its texts. A block of
// users is fetched place by place, so that their waits overlap.
std::vector<UserPtr> MemoryImage::users_after(UserId after, std::size_t limit) const {
  std::vector<UserPtr> users;
  for (auto next = std::ranges::upper_bound(ids_, after); next != ids_.end(); ++next) {
    if (users.size() == limit) break;
    users.push_back(*find_place(*next));
  }
  return users;
}

std::optional<UserId> MemoryImage::scan_users(UserId from, std::size_t count,
                                              ScanPage& page) const {
  constexpr std::size_t kBlock = 32;
  std::array<const UserPtr*, kBlock> block{};
  auto next = std::ranges::lower_bound(ids_, from);
  const auto end =
      next + std::min(std::ssize(ids_) - (next - ids_.begin()), static_cast<std::ptrdiff_t>(count));
  while (next != end) {
    std::size_t size = 0;
    for (; size < kBlock && next != end; ++next) block[size++] = find_place(*next);
    const std::span users(block.data(), size);
    for (const UserPtr* user : users) __builtin_prefetch(user->get());
    for (const UserPtr* user : users) (*user)->prefetch_texts();
    for (const UserPtr* user : users) page.see(*user);
  }
  return end == ids_.end() ? std::nullopt : std::optional(*end);
}

const Session* MemoryImage::find_session(const Digest& id_hash) const {
  const auto found = sessions_.find(id_hash);
  return found == sessions_.end() ? nullptr : &found->second;
}

std::span<const Digest> MemoryImage::sessions_of(UserId id) const {
  const auto found = sessions_by_user_.find(id);
  return found == sessions_by_user_.end() ? std::span<const Digest>() : found->second;
}

std::vector<Session> MemoryImage::stale_sessions(Timestamp idle_since,
                                                 Timestamp created_before) const {
  std::vector<Session> stale;
  for (const auto& [id_hash, session] : sessions_) {
    if (is_stale(session, idle_since, created_before)) stale.push_back(session);
  }
  return stale;
}

bool keeps_keys(const User& before, const User& after) {
  return keeps_key<FieldId::kUserName>(before, after) &&
         keeps_key<FieldId::kFederatedId>(before, after);
}

void keep_longest_idle(std::vector<Session>& sessions, std::size_t limit) {
  std::ranges::sort(sessions, [](const Session& a, const Session& b) {
    return std::pair(a.last_activity, a.id_hash) < std::pair(b.last_activity, b.id_hash);
  });
  if (sessions.size() > limit) sessions.resize(limit);
}

CredentialPtr MemoryImage::find_credential(UserId id) const {
  const auto found = credentials_.find(id);
  return found == credentials_.end() ? nullptr : found->second;
}

void MemoryImage::put_session(const Session& session) {
  sessions_.insert_or_assign(session.id_hash, session);
  sessions_by_user_[session.user_id].push_back(session.id_hash);
  if (session.delegate_user_id && session.delegate_user_id != session.user_id) {
    sessions_by_user_[session.delegate_user_id].push_back(session.id_hash);
  }
}

void MemoryImage::end_session(const Digest& id_hash) {
  const auto found = sessions_.find(id_hash);
  if (found == sessions_.end()) return;
  unlist_session(found->second.user_id, id_hash);
  unlist_session(found->second.delegate_user_id, id_hash);
  sessions_.erase(found);
}

void MemoryImage::unlist_session(UserId user, const Digest& id_hash) {
  const auto found = sessions_by_user_.find(user);
  if (found == sessions_by_user_.end()) return;
  std::erase(found->second, id_hash);
  if (found->second.empty()) sessions_by_user_.erase(found);
}

}  // namespace muster::store
