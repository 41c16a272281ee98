#include "app/seed_domain.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace muster::app {
namespace {

using namespace directory;

constexpr std::int64_t kIdMax = std::numeric_limits<std::int32_t>::max();
// Those below are for groups of the system, as kAllInternalUsers is.
constexpr std::int64_t kFirstGroupId = 1001;
constexpr std::int64_t kGroupIdMax = std::numeric_limits<std::int64_t>::max();

template <typename AnyId>
AnyId id_of(SeedObject& object, std::string_view key) {
  return AnyId{static_cast<std::int32_t>(object.number(key, 1, kIdMax))};
}

std::string one_of(SeedObject& object, std::string_view key, std::string_view absent,
                   std::initializer_list<std::string_view> allowed) {
  std::string text = object.text_or(key, absent);
  if (std::ranges::find(allowed, text) != allowed.end()) return text;
  std::string reason = "must be one of";
  for (const std::string_view value : allowed) reason += " [" + std::string(value) + "]";
  object.problem(key, reason);
  return text;
}

int number_of(SeedObject& object, std::string_view key, int absent,
              std::initializer_list<int> allowed) {
  const auto number = static_cast<int>(object.number_or(key, 0, 100'000, absent));
  if (std::ranges::find(allowed, number) != allowed.end()) return number;
  std::string reason = "must be one of";
  for (const int value : allowed) reason += " " + std::to_string(value);
  object.problem(key, reason);
  return number;
}

// Refuses the second object that says the same under `key`.
class Unique {
 public:
  explicit Unique(std::string_view key) : key_(key) {}
  void check(const SeedObject& object, std::string value) {
    if (!seen_.insert(std::move(value)).second) object.problem(key_, "is used twice");
  }

 private:
  std::string_view key_;
  std::set<std::string> seen_;
};

void read_identity(SeedObject& root, Domain& domain) {
  SeedObject object = root.object("domain");
  domain.id = id_of<DomainId>(object, "id");
  domain.name = object.text("name");
  domain.type = one_of(object, "type", "Production", {"Production", "Sandbox", "Demo", "Test"});
  if (domain.name.contains('@')) object.problem("name", "must be a domain name");
  object.finish();
}

void read_vaults(SeedObject& root, Domain& domain) {
  Unique ids("id");
  Unique names("dns");
  for (SeedObject& object : root.objects("vaults")) {
    Vault vault;
    vault.id = id_of<VaultId>(object, "id");
    vault.name = object.text("name");
    vault.dns = object.text("dns");
    vault.family = object.text_or("family", ascii_lower(vault.name) + "__v");
    vault.active = one_of(object, "status", "Active", {"Active", "Inactive"}) == "Active";
    vault.applications = object.texts("applications");
    ids.check(object, to_string(vault.id));
    names.check(object, ascii_lower(vault.dns));
    object.finish();
    domain.vaults.push_back(std::move(vault));
  }
  if (domain.vaults.empty()) root.problem("vaults", "at least one is needed");
}

SecurityPolicy read_policy(SeedObject& object) {
  SecurityPolicy policy;
  policy.id = id_of<PolicyId>(object, "name__v");
  policy.label = object.text("label__v");
  policy.description = object.text_or("description__v", "");
  policy.active = object.flag_or("is_active__v", true);
  policy.sso = one_of(object, "authentication_type__v", "Password", {"Password", "SSO"}) == "SSO";
  policy.require_number = object.flag_or("passwords_require_number__v", policy.require_number);
  policy.require_uppercase =
      object.flag_or("passwords_require_uppercase_letter__v", policy.require_uppercase);
  policy.require_nonalphanumeric =
      object.flag_or("passwords_require_nonalpha_char__v", policy.require_nonalphanumeric);
  policy.min_length =
      number_of(object, "min_password_length__v", policy.min_length, {7, 8, 10, 12});
  policy.expiration_days = number_of(object, "password_expiration__v", 0, {0, 90, 180});
  policy.history_reuse = number_of(object, "password_history_reuse__v", 0, {0, 3, 5});
  object.finish();
  return policy;
}

void read_policies(SeedObject& root, Domain& domain) {
  Unique ids("name__v");
  for (SeedObject& object : root.objects("security_policies")) {
    domain.policies.push_back(read_policy(object));
    ids.check(object, to_string(domain.policies.back().id));
  }
  if (!domain.policies.empty()) return;
  SecurityPolicy basic;
  basic.id = PolicyId{821};
  basic.label = "Basic";
  domain.policies.push_back(std::move(basic));
}

void read_profiles(SeedObject& root, Domain& domain) {
  domain.profiles = standard_profiles();
  for (SeedObject& object : root.objects("security_profiles")) {
    SecurityProfile profile{object.text("name__v"), object.text("label__v")};
    if (!is_word(profile.name)) {
      object.problem("name__v", "may hold letters, digits and '_' only");
    }
    if (domain.find_profile(profile.name)) object.problem("name__v", "is used twice");
    object.finish();
    domain.profiles.push_back(std::move(profile));
  }
}

void read_groups(SeedObject& root, Domain& domain) {
  Unique ids("id");
  Unique labels("label__v");
  for (SeedObject& object : root.objects("groups")) {
    Group group;
    const auto next = static_cast<std::int64_t>(domain.groups.size()) + kFirstGroupId;
    group.id = GroupId{object.number_or("id", 1, kGroupIdMax, next)};
    group.label = object.text("label__v");
    group.name = object.text_or("name__v", ascii_lower(group.label) + "__c");
    group.description = object.text_or("group_description__v", "");
    group.active = object.flag_or("active__v", true);
    const bool is_for_all = group.id == kAllInternalUsers;
    group.system_group = object.flag_or("system_group__v", is_for_all);
    if (is_for_all && !group.system_group) {
      object.problem("system_group__v", "must be true of group 1");
    }
    for (const std::int64_t member : object.numbers("members__v", kIdMax)) {
      group.members.push_back(UserId{static_cast<std::int32_t>(member)});
    }
    std::ranges::sort(group.members);
    const auto twice = std::ranges::unique(group.members);
    group.members.erase(twice.begin(), twice.end());
    group.security_profiles = object.texts("security_profiles__v");
    for (const std::string& profile : group.security_profiles) {
      if (!domain.find_profile(profile)) {
        object.problem("security_profiles__v", "there is no profile [" + excerpt(profile) + "]");
      }
    }
    ids.check(object, to_string(group.id));
    labels.check(object, group.label);
    object.finish();
    domain.groups.push_back(std::move(group));
  }
}

void read_licenses(SeedObject& root, Domain& domain) {
  Unique types("license_type__v");
  for (SeedObject& object : root.objects("licenses")) {
    const std::string name = object.text("license_type__v");
    const auto type = parse_license(name);
    if (!type) object.problem("license_type__v", "unknown license type [" + excerpt(name) + "]");
    types.check(object, name);
    const auto licensed = static_cast<int>(object.number("licensed", 0, kIdMax));
    object.finish();
    domain.licenses.push_back({type.value_or(LicenseType::kFull), licensed});
  }
}

void read_delegations(SeedObject& root, Domain& domain) {
  for (SeedObject& object : root.objects("delegations")) {
    const Delegation delegation{id_of<VaultId>(object, "vault_id"),
                                id_of<UserId>(object, "delegator_userid"),
                                id_of<UserId>(object, "delegate_userid")};
    if (domain.find_vault(delegation.vault_id) == nullptr) {
      object.problem("vault_id", "there is no vault " + to_string(delegation.vault_id));
    }
    object.finish();
    domain.delegations.push_back(delegation);
  }
}

}  // namespace

Domain read_seed_domain(SeedObject& root) {
  Domain domain;
  read_identity(root, domain);
  read_vaults(root, domain);
  read_policies(root, domain);
  read_profiles(root, domain);
  read_groups(root, domain);
  read_licenses(root, domain);
  read_delegations(root, domain);
  return domain;
}

}  // namespace muster::app
