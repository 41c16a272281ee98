#include "app/seed_users.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/assert.h"
#include "base/limits.h"
#include "directory/batch_plan.h"
#include "directory/user_diff.h"
#include "directory/user_fields.h"

namespace muster::app {
namespace {

namespace json = boost::json;
using namespace directory;

constexpr std::int64_t kUserIdMax = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kFirstFreeId = 25'001;  // when no user of the file has an id

// The members of one membership or application license in the order of their text form.
struct PartNames {
  std::string_view id;
  std::string_view other_id;
  std::vector<std::string_view> parts;
  std::string_view after_id;
};
const PartNames kMembershipParts{
    "id", "vault_id", {"active__v", "security_profile__v", "license_type__v"}, ":"};
const PartNames kLicensingParts{
    "vault_id", "id", {"application_name", "active__v", "license_type__v"}, "|"};

// The text form that bulk records use, out of a list of objects: "3003:true:vault_owner__v:".
std::string text_of_list(SeedObject& user, std::string_view key, const PartNames& names) {
  std::string text;
  for (SeedObject& object : user.objects(key)) {
    const bool has_id = object.raw(names.id) != nullptr;
    const auto vault = object.number(has_id ? names.id : names.other_id, 1, kUserIdMax);
    if (!text.empty()) text += ';';
    text += std::to_string(vault);
    std::string_view separator = names.after_id;
    for (const std::string_view part : names.parts) {
      const json::value* value = object.raw(part);
      text += separator;
      if (value != nullptr) text += scalar_text(*value).value_or("?");
      separator = ":";
    }
    object.finish();
  }
  return text;
}

struct CellText {
  ValueKind kind = ValueKind::kText;
  std::string text;
};

CellText cell_of(SeedObject& user, const Field& field, const std::string& key) {
  const json::value* value = user.raw(key);
  if (value == nullptr) return {ValueKind::kNull, {}};
  if (value->is_array() && field.id == FieldId::kVaultMembership) {
    return {ValueKind::kText, text_of_list(user, key, kMembershipParts)};
  }
  if (value->is_array() && field.id == FieldId::kAppLicensing) {
    return {ValueKind::kText, text_of_list(user, key, kLicensingParts)};
  }
  auto text = scalar_text(*value);
  if (!text) return {ValueKind::kNested, json::serialize(*value)};
  const bool too_long = text->size() > limits::kCellBytesMax;
  const ValueKind kind = value->is_bool() ? ValueKind::kBoolean : ValueKind::kText;
  return {too_long ? ValueKind::kTooLong : kind, std::move(*text)};
}

Membership& membership_of(User& user, VaultId vault) {
  if (user.membership(vault) == nullptr) user.set_membership({.vault_id = vault});
  return *std::ranges::find(user.memberships, vault, &Membership::vault_id);
}

void apply_memberships(User& user, const UserPatch& patch) {
  for (const MembershipPatch& part : patch.memberships) {
    Membership& membership = membership_of(user, part.vault_id);
    membership.active = part.active.value_or(membership.active);
    membership.profile = part.profile.value_or(membership.profile);
    membership.license = part.license.value_or(membership.license);
  }
}

// Reads one user object.
class UserReader {
 public:
  UserReader(SeedObject& object, const DomainPtr& domain) : object_(object), domain_(domain) {}

  User read(UserId id) {
    user_.id = id;
    user_.domain_id = domain_->id;
    // The plan owns the texts that the patch points to.
    const BatchPlan plan = judge();
    const RecordPlan& record = plan.records.front();
    for (const Error& error : record.errors) complain(error.message);
    if (record.errors.empty()) apply(record.patch);
    check_required();
    return std::move(user_);
  }

 private:
  void complain(std::string_view reason) const { object_.problem("", reason); }

  BatchPlan judge() {
    BatchPlanBuilder builder(domain_, BatchRules{});
    MUSTER_ASSERT(builder.begin_record());  // the first of this builder
    builder.cell(field(FieldId::kId).name, {ValueKind::kText, to_string(user_.id)});
    for (const auto& [name, value] : object_.members()) {
      const std::string key(name.data(), name.size());
      const Field* known = find_field(key);
      if (known == nullptr) continue;  // finish() refuses it unless somebody else asked
      const CellText cell = cell_of(object_, *known, key);
      if (known->id == FieldId::kId) continue;
      if (known->id == FieldId::kLastLogin) set_stored(*known, cell.text);
      builder.cell(key, {cell.kind, cell.text});
    }
    builder.end_record();
    return builder.take();
  }

  void set_stored(const Field& field, std::string_view text) {
    const auto set = set_field_text(user_, field.id, text, *domain_);
    if (!set) object_.problem(field.name, "invalid value");
  }

  void apply(const UserPatch& patch) {
    for (const auto& [id, text] : patch.texts) user_.set_text(id, text);
    for (const auto& [id, text] : patch.read_only) apply_read_only(field(id), text);
    user_.is_domain_admin = patch.is_domain_admin.value_or(false);
    user_.domain_active = patch.domain_active.value_or(true);
    user_.needs_to_change_password = patch.needs_to_change_password.value_or(false);
    user_.security_policy_id = patch.security_policy_id.value_or(PolicyId{});
    apply_memberships(user_, patch);
    apply_first_vault(patch);
    for (const AppLicensePatch& part : patch.app_licensing) {
      user_.set_app_license({part.vault_id, std::string(part.application),
                             part.license.value_or(LicenseType::kFull),
                             part.active.value_or(true)});
    }
  }

  void apply_read_only(const Field& field, std::string_view text) {
    if (field.id == FieldId::kCreatedDate || field.id == FieldId::kCreatedBy) {
      set_stored(field, text);
    }
    if (field.id == FieldId::kDomainId && text != to_string(domain_->id)) {
      object_.problem(field.name, "is not the id of the domain");
    }
  }

  void apply_first_vault(const UserPatch& patch) {
    if (!patch.active && !patch.license && !patch.security_profile) return;
    Membership& membership = membership_of(user_, domain_->vaults.front().id);
    membership.active = patch.active.value_or(membership.active);
    membership.license = patch.license.value_or(membership.license);
    if (!patch.security_profile) return;
    const auto profile = domain_->find_profile(*patch.security_profile);
    if (!profile) return complain("unknown security profile");
    membership.profile = *profile;
  }

  void check_required() const {
    for (const FieldId id : text_fields()) {
      if (field(id).required && user_.text(id).empty())
        object_.problem(field(id).name, "is missing");
    }
    if (!user_.security_policy_id) {
      object_.problem(field(FieldId::kSecurityPolicyId).name, "is missing");
    }
  }

  SeedObject& object_;
  const DomainPtr& domain_;
  User user_;
};

std::string read_password(SeedObject& object) {
  std::string password = object.text_or("password", "");
  if (password.size() > limits::kPasswordBytesMax) {
    object.problem("password",
                   "at most " + std::to_string(limits::kPasswordBytesMax) + " bytes are allowed");
  }
  return password;
}

// Ids, user names and federated ids that were seen.
class Identities {
 public:
  void check(const SeedObject& object, const User& user) {
    if (user.id == kSystemUserId) object.problem("id", "1 is the system account");
    if (!ids_.insert(user.id).second) object.problem("id", "is used twice");
    if (!names_.insert(fold_user_name(user.user_name())).second) {
      object.problem(field(FieldId::kUserName).name, "is used twice");
    }
    const std::string_view federated = user.text(FieldId::kFederatedId);
    if (!federated.empty() && !federated_.emplace(federated).second) {
      object.problem(field(FieldId::kFederatedId).name, "is used twice");
    }
  }

 private:
  std::unordered_set<UserId> ids_;
  std::unordered_set<std::string> names_;
  std::unordered_set<std::string> federated_;
};

std::int64_t first_free_id(std::vector<SeedObject>& objects) {
  std::int64_t next = kFirstFreeId;
  for (SeedObject& object : objects) {
    next = std::max(next, object.number_or("id", 1, kUserIdMax - 1, 0) + 1);
  }
  return next;
}

}  // namespace

std::vector<SeedUser> read_seed_users(SeedObject& root, const DomainPtr& domain) {
  std::vector<SeedUser> users;
  std::vector<SeedObject> objects = root.objects("users");
  users.reserve(objects.size());
  std::int64_t next_id = first_free_id(objects);
  Identities identities;
  for (SeedObject& object : objects) {
    const auto given = object.number_or("id", 1, kUserIdMax - 1, 0);
    const auto id = static_cast<std::int32_t>(given > 0 ? given : next_id++);
    SeedUser user{UserReader(object, domain).read(UserId{id}), read_password(object)};
    identities.check(object, user.user);
    object.finish();
    users.push_back(std::move(user));
  }
  return users;
}

}  // namespace muster::app
