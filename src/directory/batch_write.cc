#include "directory/batch_write.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "base/text.h"
#include "directory/audit_changes.h"
#include "directory/value_rules.h"

namespace muster::directory {
namespace {

Error about_id(ErrorType type, std::string_view before, UserId id, std::string_view after) {
  return {type, quoted(before, to_string(id), after)};
}

Error system_account(UserId id) {
  return about_id(ErrorType::kOperationNotAllowed, "User", id, " is a system account.");
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

// Of an object record that names none (5.4).
PolicyId default_policy(const Domain& domain) {
  const auto basic = std::ranges::find_if(domain.policies, [](const SecurityPolicy& policy) {
    return policy.active && equals_ignoring_case(policy.label, "Basic");
  });
  if (basic != domain.policies.end()) return basic->id;
  const auto any = std::ranges::find_if(domain.policies, &SecurityPolicy::active);
  return any == domain.policies.end() ? PolicyId{} : any->id;
}

// The time alone would do but for two changes in one millisecond.
bool is_as_left(const User& user, const LeftUser& left, const Domain& domain) {
  if (user.modified_date != left.at) return false;
  const AuditChanges now = audit_changes(nullptr, user, domain);
  return std::ranges::all_of(left.changes, [&](const DomainAuditRow::Change& change) {
    const auto field = std::ranges::find(now, change.field, &DomainAuditRow::Change::field);
    return (field == now.end() ? std::string_view() : std::string_view(field->new_value)) ==
           change.new_value;
  });
}

void add_owners(TextOwners& owners, std::vector<std::string>& texts,
                const std::vector<UserPtr>& found) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    owners.add(std::move(texts[i]), found[i] == nullptr ? UserId{} : found[i]->id);
  }
}

}  // namespace

BatchWrite::BatchWrite(Caller caller, const BatchPlan& plan, const Actor& actor, bool describes)
    : caller_(std::move(caller)),
      plan_(plan),
      actor_(actor),
      describes_(describes),
      state_{.caller = caller_,
             .rules = plan.rules,
             .user_names = {},
             .federated_ids = {},
             .active_domain_admins = 0} {
  blank_.domain_id = caller_.domain->id;
  if (plan_.rules.members_only) blank_.security_policy_id = default_policy(*caller_.domain);
}

Result<void> BatchWrite::run(Transaction& transaction) {
  find_targets();
  if (auto loaded = load(transaction); !loaded) return loaded;
  outcome_.records.resize(plan_.records.size());
  for (std::size_t i = 0; i < plan_.records.size(); ++i) {
    if (auto judged = judge(i, transaction); !judged) return judged;
  }
  return write(transaction);
}

void BatchWrite::find_targets() {
  targets_.resize(plan_.records.size());
  if (plan_.rules.key == FieldId::kId) {
    find_targets(ids_, [](const RecordPlan& record) { return record.id; });
  } else {
    find_targets(keys_, [](const RecordPlan& record) {
      return record.key.empty() ? std::nullopt : std::optional<std::string>(record.key);
    });
  }
}

template <typename Key, typename KeyOf>
void BatchWrite::find_targets(std::vector<Key>& keys, const KeyOf& key_of) {
  std::vector<std::pair<Key, std::size_t>> records;  // sorted, so that equal keys are neighbours
  records.reserve(plan_.records.size());
  for (std::size_t i = 0; i < plan_.records.size(); ++i) {
    if (auto key = key_of(plan_.records[i])) records.emplace_back(*std::move(key), i);
  }
  std::ranges::sort(records);
  keys.reserve(records.size());
  for (auto& [key, record] : records) {
    const bool repeated = !keys.empty() && keys.back() == key;
    if (!repeated) keys.push_back(std::move(key));
    targets_[record] = {.user = keys.size() - 1, .repeated = repeated};
  }
}

Result<std::vector<UserPtr>> BatchWrite::find_users(Transaction& transaction) const {
  if (!ids_.empty()) return transaction.find_users(ids_);
  if (keys_.empty()) return {};
  return plan_.rules.key == FieldId::kUserName ? transaction.find_users_by_name(keys_)
                                               : transaction.find_users_by_federated_id(keys_);
}

Result<void> BatchWrite::load(Transaction& transaction) {
  auto users = find_users(transaction);
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
Result<void> BatchWrite::load_owners(Transaction& transaction) {
  std::vector<std::string> names;
  std::vector<std::string> federated_ids;
  for (std::size_t i = 0; i < plan_.records.size(); ++i) {
    const User* found = user_of(i);
    if (found == nullptr && !plan_.rules.creates()) continue;
    const User* user = found == nullptr ? &blank_ : found;
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

const User* BatchWrite::user_of(std::size_t record) const {
  const Target& target = targets_[record];
  return target.user && !target.repeated ? users_[*target.user].get() : nullptr;
}

Result<void> BatchWrite::judge(std::size_t record, Transaction& transaction) {
  const RecordPlan& plan = plan_.records[record];
  RecordOutcome& outcome = outcome_.records[record];
  outcome.id = plan.id_text;
  add_errors(find_obstacles(record), outcome);
  const bool reachable =
      outcome.errors.empty() && (user_of(record) != nullptr || asks_for_new_user(record));
  add_errors(joins(record) ? plan.errors_of_join() : plan.errors, outcome);
  if (!reachable) return {};

  RecordVerdict verdict = judge_record_of(record);
  add_errors(std::move(verdict.errors), outcome);
  if (!outcome.errors.empty()) return {};
  static const UserPtr kNobody;
  const UserPtr& before = user_of(record) == nullptr ? kNobody : users_[*targets_[record].user];
  if (verdict.after != nullptr && before == nullptr) {
    if (auto given = give_id(*verdict.after, transaction); !given) return given;
  }
  const User* now = verdict.after == nullptr ? before.get() : verdict.after.get();
  if (outcome.id.empty()) outcome.id = to_string(now->id);
  if (verdict.after == nullptr) return {};
  outcome.changed = true;
  outcome.created = before == nullptr;
  if (describes_) outcome.changes = audit_changes(before.get(), *verdict.after, *caller_.domain);
  accept(before, std::move(verdict.after));
  return {};
}

// A name that exists already joins vaults instead of becoming a user.
bool BatchWrite::joins(std::size_t record) const {
  return plan_.rules.operation == BatchOperation::kCreate && user_of(record) != nullptr;
}

// Nobody is found by the key, and it is not a broken one.
bool BatchWrite::asks_for_new_user(std::size_t record) const {
  const RecordPlan& plan = plan_.records[record];
  if (!plan_.rules.creates()) return false;
  switch (plan_.rules.key) {
    case FieldId::kId:
      return !plan.patch.given[static_cast<std::size_t>(FieldId::kId)];
    case FieldId::kUserName:
      return !plan.key.empty();
    default:
      return !plan.key.empty() ||
             !plan.patch.given[static_cast<std::size_t>(FieldId::kFederatedId)];
  }
}

RecordVerdict BatchWrite::judge_record_of(std::size_t record) const {
  const UserPatch& patch = plan_.records[record].patch;
  const User* user = user_of(record);
  const DefaultMembership membership = plan_.rules.default_membership;
  if (user == nullptr) return judge_new_user(state_, patch, blank_, membership);
  if (joins(record)) {
    return judge_join(state_, patch, *user, membership);
  }
  return judge_record(state_, patch, *user);
}

Result<void> BatchWrite::give_id(User& user, Transaction& transaction) const {
  const auto ids = transaction.allocate_user_ids(1);
  if (!ids) return std::unexpected(ids.error());
  user.id = ids->front();
  user.created_by = actor_.user_id;
  user.created_date = actor_.at;
  return {};
}

// By value: the plan keeps its errors, since the closure may be run again.
void BatchWrite::add_errors(std::vector<Error> errors, RecordOutcome& outcome) {
  for (Error& error : errors) budget_.add(std::move(error), outcome.errors);
}

// Why the record cannot even be looked at.
std::vector<Error> BatchWrite::find_obstacles(std::size_t record) const {
  if (!targets_[record].user) return {};  // a key that is missing: the plan says so, or a new user
  if (targets_[record].repeated) return {repeated_key(record)};
  const auto id = plan_.records[record].id;
  const User* user = user_of(record);
  if (user == nullptr) {
    if (!id && plan_.rules.creates()) return {};  // a name that is free
    if (!id) return {unknown_key(record)};
    if (*id == kSystemUserId) return {system_account(*id)};
    return {about_id(plan_.rules.single ? ErrorType::kUserNotFound : ErrorType::kInvalidData,
                     "User", *id, " does not exist.")};
  }
  if (user->id == kSystemUserId) return {system_account(user->id)};
  const bool joins = plan_.rules.operation == BatchOperation::kCreate;
  if (!joins && plan_.rules.members_only && user->membership(caller_.vault_id) == nullptr) {
    return {about_id(ErrorType::kInvalidData, "User", user->id, " does not exist.")};
  }
  const auto& left = plan_.records[record].left;
  if (left && !is_as_left(*user, *left, *caller_.domain)) {
    return {about_id(ErrorType::kRaceCondition, "User", user->id, " was changed since.")};
  }
  return judge_access(state_.caller, *user, plan_.rules);
}

// An update that names its users by another key than the id.
Error BatchWrite::unknown_key(std::size_t record) const {
  const bool by_name = plan_.rules.key == FieldId::kUserName;
  return {ErrorType::kInvalidData, quoted(by_name ? "User name" : "Federated ID",
                                          plan_.records[record].key, " does not exist.")};
}

Error BatchWrite::repeated_key(std::size_t record) const {
  constexpr std::string_view kFirstOnly = " in the request; only its first record is applied.";
  const RecordPlan& plan = plan_.records[record];
  if (plan.id) return about_id(ErrorType::kInvalidData, "Duplicate id", *plan.id, kFirstOnly);
  const bool creates = plan_.rules.operation == BatchOperation::kCreate;
  return {creates ? ErrorType::kItemNameExists : ErrorType::kInvalidData,
          quoted(plan_.rules.key == FieldId::kUserName ? "Duplicate user name"
                                                       : "Duplicate Federated ID",
                 plan.key, kFirstOnly)};
}

void BatchWrite::accept(const UserPtr& before, std::shared_ptr<User> after) {
  const UserId id = after->id;
  const User& old = before == nullptr ? blank_ : *before;
  if (old.user_name() != after->user_name()) {
    state_.user_names.move(fold_user_name(old.user_name()), fold_user_name(after->user_name()), id);
  }
  const std::string_view old_federated_id = old.text(FieldId::kFederatedId);
  const std::string_view new_federated_id = after->text(FieldId::kFederatedId);
  if (old_federated_id != new_federated_id) {
    state_.federated_ids.move(std::string(old_federated_id), std::string(new_federated_id), id);
  }
  state_.active_domain_admins +=
      (is_active_domain_admin(*after) ? 1 : 0) - (is_active_domain_admin(old) ? 1 : 0);
  if (old.domain_active && !after->domain_active) disabled_.push_back(id);

  after->modified_by = actor_.user_id;
  after->modified_date = actor_.at;
  // Rights that the caller gave away or took are those of the next record.
  if (id == caller_.user->id) caller_.user = after;
  changes_.push_back({before, std::move(after)});
}

Result<void> BatchWrite::write(Transaction& transaction) {
  if (changes_.empty()) return {};
  if (auto put = transaction.put_users(std::move(changes_)); !put) return put;
  for (const UserId id : disabled_) {
    if (auto ended = transaction.end_sessions_of(id, std::nullopt); !ended) return ended;
  }
  return {};
}

}  // namespace muster::directory
