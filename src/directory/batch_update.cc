#include "directory/batch_update.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "base/text.h"
#include "directory/value_rules.h"

namespace muster::directory {
namespace {

Error about_id(ErrorType type, std::string_view before, UserId id, std::string_view after) {
  return {type, quoted(before, to_string(id), after)};
}

// Whether this change could take away a Domain Admin of the domain.
bool may_lose_domain_admin(const User& user, const UserPatch& patch) {
  return is_active_domain_admin(user) &&
         (patch.is_domain_admin == false || patch.domain_active == false);
}

std::vector<std::string> new_texts(const User& user, const UserPatch& patch, FieldId id) {
  std::vector<std::string> texts;
  for (const auto& [field, text] : patch.texts) {
    if (field != id || text.empty()) continue;
    const bool is_name = id == FieldId::kUserName;
    const bool same = is_name ? equals_ignoring_case(text, user.text(id)) : text == user.text(id);
    if (!same) texts.push_back(is_name ? fold_user_name(text) : std::string(text));
  }
  return texts;
}

void add_owners(TextOwners& owners, std::vector<std::string>& texts,
                const std::vector<UserPtr>& found) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    owners.add(std::move(texts[i]), found[i] == nullptr ? UserId{} : found[i]->id);
  }
}

}  // namespace

BatchUpdate::BatchUpdate(Caller caller, const BatchPlan& plan, const Actor& actor)
    : caller_(std::move(caller)),
      plan_(plan),
      actor_(actor),
      state_{.caller = caller_, .user_names = {}, .federated_ids = {}, .active_domain_admins = 0} {}

Result<void> BatchUpdate::run(Transaction& transaction) {
  find_targets();
  if (auto loaded = load(transaction); !loaded) return loaded;
  outcome_.records.resize(plan_.records.size());
  for (std::size_t i = 0; i < plan_.records.size(); ++i) judge(i);
  return write(transaction);
}

void BatchUpdate::find_targets() {
  std::vector<std::pair<UserId, std::size_t>> records;  // sorted, so that equal ids are neighbours
  records.reserve(plan_.records.size());
  for (std::size_t i = 0; i < plan_.records.size(); ++i) {
    if (plan_.records[i].id) records.emplace_back(*plan_.records[i].id, i);
  }
  std::ranges::sort(records);
  ids_.reserve(records.size());
  targets_.resize(plan_.records.size());
  for (const auto& [id, record] : records) {
    const bool repeated = !ids_.empty() && ids_.back() == id;
    if (!repeated) ids_.push_back(id);
    targets_[record] = {.user = ids_.size() - 1, .repeated = repeated};
  }
}

Result<void> BatchUpdate::load(Transaction& transaction) {
  if (ids_.empty()) return {};
  auto users = transaction.find_users(ids_);
  if (!users) return std::unexpected(std::move(users.error()));
  users_ = std::move(*users);

  bool needs_admin_count = false;
  for (std::size_t i = 0; i < plan_.records.size(); ++i) {
    const User* user = user_of(i);
    if (user != nullptr && may_lose_domain_admin(*user, plan_.records[i].patch)) {
      needs_admin_count = true;
    }
  }
  if (needs_admin_count) {
    const auto admins = transaction.count_active_domain_admins();
    if (!admins) return std::unexpected(admins.error());
    state_.active_domain_admins = *admins;
  }
  return load_owners(transaction);
}

// Only texts that would change are looked up: most files carry the names they were extracted with.
Result<void> BatchUpdate::load_owners(Transaction& transaction) {
  std::vector<std::string> names;
  std::vector<std::string> federated_ids;
  for (std::size_t i = 0; i < plan_.records.size(); ++i) {
    const User* user = user_of(i);
    if (user == nullptr) continue;
    const UserPatch& patch = plan_.records[i].patch;
    std::ranges::move(new_texts(*user, patch, FieldId::kUserName), std::back_inserter(names));
    std::ranges::move(new_texts(*user, patch, FieldId::kFederatedId),
                      std::back_inserter(federated_ids));
  }
  if (!names.empty()) {
    const auto found = transaction.find_users_by_name(names);
    if (!found) return std::unexpected(found.error());
    add_owners(state_.user_names, names, *found);
  }
  if (!federated_ids.empty()) {
    const auto found = transaction.find_users_by_federated_id(federated_ids);
    if (!found) return std::unexpected(found.error());
    add_owners(state_.federated_ids, federated_ids, *found);
  }
  return {};
}

const User* BatchUpdate::user_of(std::size_t record) const {
  const Target& target = targets_[record];
  return target.user && !target.repeated ? users_[*target.user].get() : nullptr;
}

void BatchUpdate::judge(std::size_t record) {
  const RecordPlan& plan = plan_.records[record];
  RecordOutcome& outcome = outcome_.records[record];
  outcome.id = plan.id_text;
  add_errors(find_obstacles(record), outcome);
  const bool reachable = plan.id.has_value() && outcome.errors.empty();
  add_errors(plan.errors, outcome);
  if (!reachable) return;

  const UserPtr& before = users_[*targets_[record].user];
  RecordVerdict verdict = judge_record(state_, plan.patch, *before);
  add_errors(std::move(verdict.errors), outcome);
  if (!outcome.errors.empty() || verdict.after == nullptr) return;
  outcome.changed = true;
  accept(before, std::move(verdict.after));
}

// By value: the plan keeps its errors, since the closure may be run again.
void BatchUpdate::add_errors(std::vector<Error> errors, RecordOutcome& outcome) {
  for (Error& error : errors) budget_.add(std::move(error), outcome.errors);
}

// Why the record cannot even be looked at.
std::vector<Error> BatchUpdate::find_obstacles(std::size_t record) const {
  const auto id = plan_.records[record].id;
  if (!id) return {};
  if (targets_[record].repeated) {
    return {about_id(ErrorType::kInvalidData, "Duplicate id", *id,
                     " in the request; only its first record is applied.")};
  }
  if (*id == kSystemUserId) {
    return {about_id(ErrorType::kOperationNotAllowed, "User", *id, " is a system account.")};
  }
  const User* user = user_of(record);
  if (user == nullptr) {
    return {about_id(ErrorType::kInvalidData, "User", *id, " does not exist.")};
  }
  return judge_access(state_.caller, *user);
}

void BatchUpdate::accept(const UserPtr& before, std::shared_ptr<User> after) {
  const UserId id = after->id;
  if (before->user_name() != after->user_name()) {
    state_.user_names.move(fold_user_name(before->user_name()), fold_user_name(after->user_name()),
                           id);
  }
  const std::string_view old_federated_id = before->text(FieldId::kFederatedId);
  const std::string_view new_federated_id = after->text(FieldId::kFederatedId);
  if (old_federated_id != new_federated_id) {
    state_.federated_ids.move(std::string(old_federated_id), std::string(new_federated_id), id);
  }
  state_.active_domain_admins +=
      (is_active_domain_admin(*after) ? 1 : 0) - (is_active_domain_admin(*before) ? 1 : 0);
  if (before->domain_active && !after->domain_active) disabled_.push_back(id);

  after->modified_by = actor_.user_id;
  after->modified_date = actor_.at;
  // Rights that the caller gave away or took are those of the next record.
  if (id == caller_.user->id) caller_.user = after;
  changes_.push_back({before, std::move(after)});
}

Result<void> BatchUpdate::write(Transaction& transaction) {
  if (changes_.empty()) return {};
  if (auto put = transaction.put_users(std::move(changes_)); !put) return put;
  for (const UserId id : disabled_) {
    if (auto ended = transaction.end_sessions_of(id, std::nullopt); !ended) return ended;
  }
  return {};
}

}  // namespace muster::directory
