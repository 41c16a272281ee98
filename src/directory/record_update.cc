#include "directory/record_update.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "directory/read_only_text.h"
#include "directory/user_draft.h"
#include "directory/user_fields.h"
#include "directory/value_rules.h"

namespace muster::directory {
namespace {

// full > external, learner, view-based > read-only.
int permissiveness(LicenseType license) {
  if (license == LicenseType::kFull) return 2;
  return license == LicenseType::kReadOnly ? 0 : 1;
}

// The steps of one record, in the order of protocol 2.7.
class RecordUpdate {
 public:
  RecordUpdate(const BatchState& state, const UserPatch& patch, const User& before)
      : state_(state),
        caller_(state.caller),
        patch_(patch),
        is_own_(state.rules.single && !state.rules.any_account && before.id &&
                !state.caller.may_update(before)),
        draft_(before) {}

  RecordVerdict run() {
    check_read_only();
    if (!state_.rules.sets_profile()) check_security_profile();
    put_domain_active();
    put_texts();
    put_account_settings();
    for (const MembershipPatch& membership : patch_.memberships) put_membership(membership);
    put_session_membership();
    for (const AppLicensePatch& license : patch_.app_licensing) put_app_license(license);
    check_app_licenses();
    put_domain_admin();
    return verdict();
  }

  RecordVerdict create(DefaultMembership membership) {
    if (refuse_foreign_name()) return verdict();  // no account of another domain is made here
    check_required();
    check_read_only();
    // Off is for accounts that exist: nobody creates what nobody can use.
    if (patch_.domain_active == false)
      errors_.push_back(not_editable(field(FieldId::kDomainActive)));
    put_texts();
    put_account_settings();
    for (const MembershipPatch& named : due_memberships(membership)) put_membership(named);
    if (errors_.empty() && draft_.now().memberships.empty()) check_domain_only();
    for (const AppLicensePatch& license : patch_.app_licensing) put_app_license(license);
    check_app_licenses();
    put_domain_admin();
    return verdict();
  }

  RecordVerdict join(DefaultMembership membership) {
    const std::vector<MembershipPatch> due = due_memberships(membership);
    if (due.empty() && errors_.empty()) refuse_existing();
    for (const MembershipPatch& named : due) {
      if (draft_.before().membership(named.vault_id) != nullptr) {
        refuse_existing();
      } else {
        put_membership(named);
      }
    }
    return verdict();
  }

 private:
  RecordVerdict verdict() {
    if (!errors_.empty()) return {std::move(errors_), nullptr};
    return {{}, draft_.take()};
  }

  // As the call names it.
  [[nodiscard]] const Field& field(FieldId id) const { return state_.rules.names->field(id); }

  [[nodiscard]] bool is_new() const { return !draft_.before().id; }

  void fail(ErrorType type, std::string message) { errors_.push_back({type, std::move(message)}); }

  void check_required() {
    const auto check = [this](FieldId id) {
      const bool is_given = patch_.given[static_cast<std::size_t>(id)];
      if (field(id).required && !is_given) errors_.push_back(missing_value(field(id)));
    };
    std::ranges::for_each(kTextFields, check);
    check(FieldId::kSecurityPolicyId);
  }

  [[nodiscard]] bool refuse_foreign_name() {
    for (const auto& [id, text] : patch_.texts) {
      if (id == FieldId::kUserName && !may_take_user_name(text)) return true;
    }
    return false;
  }

  void check_domain_only() {
    if (caller_.is_domain_admin()) return;
    fail(ErrorType::kInsufficientAccess,
         "Only a Domain Admin may create a user without a vault membership.");
  }

  void refuse_existing() {
    fail(ErrorType::kItemNameExists,
         quoted("User name", draft_.before().user_name(), " exists already."));
  }

  // What the record says beside its memberships must not be lost.
  void check_named(DefaultMembership membership) {
    if (membership == DefaultMembership::kNone) {
      return fail(ErrorType::kInvalidData, "A domain user has no vault membership.");
    }
    if (refuse_contradiction(wanted_profile())) return;
    const bool is_described = patch_.active || patch_.license || patch_.security_profile;
    const bool names_session =
        std::ranges::find(patch_.memberships, caller_.vault_id, &MembershipPatch::vault_id) !=
        patch_.memberships.end();
    if (is_described && !names_session) {
      fail(ErrorType::kInvalidData,
           quoted("Profile, license and active__v mean vault", to_string(caller_.vault_id),
                  ", which vault_membership does not name."));
    }
  }

  // The vaults a new member joins: those it names, else the session's as the rules of the call say.
  [[nodiscard]] std::vector<MembershipPatch> due_memberships(DefaultMembership membership) {
    if (!patch_.memberships.empty()) {
      check_named(membership);
      return errors_.empty() ? patch_.memberships : std::vector<MembershipPatch>();
    }
    const bool is_described = patch_.active || patch_.license || patch_.security_profile;
    const bool is_due = membership == DefaultMembership::kSessionVault ||
                        (membership == DefaultMembership::kWhenDescribed && is_described);
    if (!is_due) return {};
    MembershipPatch due{.vault_id = caller_.vault_id,
                        .active = patch_.active,
                        .profile = {},
                        .license = patch_.license};
    due.profile = wanted_profile();
    if (patch_.security_profile && !due.profile) return {};
    return {due};
  }

  // Extracts carry fields nobody can edit: fine as long as they say what is stored.
  void check_read_only() {
    for (const auto& [id, text] : patch_.read_only) {
      if (!equals_read_only(draft_.before(), id, text, *caller_.domain)) {
        errors_.push_back(not_editable(field(id)));
      }
    }
  }

  void check_security_profile() {
    if (!patch_.security_profile) return;
    const Membership* membership = draft_.before().membership(caller_.vault_id);
    if (membership != nullptr &&
        caller_.domain->profile_name(membership->profile) == *patch_.security_profile) {
      return;
    }
    fail(ErrorType::kAttributeNotSupported,
         quoted("Field", field(FieldId::kSecurityProfile).name,
                quoted(" is not supported by this call; use", field(FieldId::kVaultMembership).name,
                       ".")));
  }

  [[nodiscard]] bool refuse_without_domain_admin(FieldId id) {
    if (caller_.is_domain_admin()) return false;
    fail(ErrorType::kInsufficientAccess,
         quoted("Only a Domain Admin may change field", field(id).name, "."));
    return true;
  }

  // Without administrative rights people change these of themselves. Judged before the value is,
  // which would tell them whose names and ids there are.
  [[nodiscard]] bool refuse_without_rights(FieldId id) {
    constexpr std::array kOwnFields{
        FieldId::kFirstName, FieldId::kLastName,    FieldId::kAlias, FieldId::kEmail,
        FieldId::kTimezone,  FieldId::kLocale,      FieldId::kTitle, FieldId::kOfficePhone,
        FieldId::kFax,       FieldId::kMobilePhone, FieldId::kSite,  FieldId::kLanguage,
        FieldId::kCompany};
    if (!is_own_ || std::ranges::find(kOwnFields, id) != kOwnFields.end()) return false;
    fail(ErrorType::kInsufficientAccess,
         quoted("Field", field(id).name, " takes administrative rights."));
    return true;
  }

  [[nodiscard]] bool refuse_losing_last_domain_admin() {
    if (!is_active_domain_admin(draft_.before()) || state_.active_domain_admins > 1) return false;
    fail(ErrorType::kOperationNotAllowed, "A domain needs at least one Domain Admin.");
    return true;
  }

  void put_domain_active() {
    const auto wanted = patch_.domain_active;
    if (!wanted || *wanted == draft_.now().domain_active) return;
    if (refuse_without_domain_admin(FieldId::kDomainActive)) return;
    if (*wanted) {
      draft_.edit().domain_active = true;
      return;
    }
    if (caller_.is_self(draft_.before().id)) {
      return fail(ErrorType::kOperationNotAllowed, "A caller may not disable its own account.");
    }
    if (refuse_losing_last_domain_admin()) return;
    // Each membership stays off until it is switched on by name, also when the account comes back.
    draft_.edit().domain_active = false;
    for (Membership& membership : draft_.edit().memberships) membership.active = false;
  }

  void put_texts() {
    SmallVector<User::TextChange, kTextFields.size()> changed;
    for (const auto& [id, text] : patch_.texts) {
      if (draft_.now().text(id) == text) continue;
      // The key of an upsert finds the user whatever its case; it renames nobody.
      const bool is_key = id == FieldId::kUserName && state_.rules.key == id;
      if (is_key && equals_ignoring_case(draft_.now().text(id), text)) continue;
      if (refuse_without_rights(id)) continue;
      if (id == FieldId::kUserName && !may_take_user_name(text)) continue;
      if (id == FieldId::kFederatedId && !may_take_federated_id(text)) continue;
      changed.emplace_back(id, text);
    }
    if (!changed.empty()) draft_.set_texts(changed);
  }

  [[nodiscard]] bool may_take_user_name(std::string_view name) {
    // Home accounts carry the domain's name, accounts of other domains keep theirs.
    const std::string_view home = domain_part(draft_.before().user_name());
    const std::string_view due = home.empty() ? caller_.domain->name : home;
    if (!equals_ignoring_case(domain_part(name), due)) {
      fail(ErrorType::kInvalidData,
           quoted("User name", name, " must end in @" + std::string(due) + "."));
      return false;
    }
    if (equals_ignoring_case(name, draft_.before().user_name())) return true;
    if (!state_.user_names.is_taken(fold_user_name(name), draft_.before().id)) return true;
    fail(is_new() ? ErrorType::kItemNameExists : ErrorType::kInvalidData,
         quoted("User name", name, " is used by another user."));
    return false;
  }

  [[nodiscard]] bool may_take_federated_id(std::string_view id) {
    if (id.empty()) return true;
    if (!state_.federated_ids.is_taken(std::string(id), draft_.before().id)) return true;
    fail(ErrorType::kFederatedIdAlreadyExists,
         quoted("Federated ID", id, " is used by another user."));
    return false;
  }

  void put_account_settings() {
    const auto must_change = patch_.needs_to_change_password;
    if (must_change && *must_change != draft_.now().needs_to_change_password &&
        !refuse_without_rights(FieldId::kNeedsToChangePassword)) {
      draft_.edit().needs_to_change_password = *must_change;
    }
    const auto policy_id = patch_.security_policy_id;
    if (!policy_id || *policy_id == draft_.now().security_policy_id) return;
    if (refuse_without_rights(FieldId::kSecurityPolicyId)) return;
    const SecurityPolicy* policy = caller_.domain->find_policy(*policy_id);
    if (policy == nullptr || !policy->active) {
      errors_.push_back(invalid_value(to_string(*policy_id), field(FieldId::kSecurityPolicyId)));
      return;
    }
    draft_.edit().security_policy_id = *policy_id;
  }

  [[nodiscard]] bool refuse_without_rights_in(VaultId vault) {
    if (caller_.administers(vault)) return false;
    fail(ErrorType::kInsufficientAccess,
         quoted("No administrative access to vault", to_string(vault), "."));
    return true;
  }

  void put_membership(const MembershipPatch& patch) {
    const Membership* present = draft_.now().membership(patch.vault_id);
    Membership wanted = present != nullptr ? *present : Membership{.vault_id = patch.vault_id};
    wanted.active = patch.active.value_or(wanted.active);
    wanted.profile = patch.profile.value_or(wanted.profile);
    wanted.license = patch.license.value_or(wanted.license);
    set_membership(present, wanted);
  }

  // Saying what is so already takes no rights: clients send back whole extracts.
  void set_membership(const Membership* present, const Membership& wanted) {
    if (present != nullptr && *present == wanted) return;
    if (refuse_without_rights_in(wanted.vault_id)) return;
    const std::string vault = to_string(wanted.vault_id);
    const bool concerns_owner =
        wanted.profile == kVaultOwner || (present != nullptr && present->profile == kVaultOwner);
    if (concerns_owner && !caller_.is_vault_owner(wanted.vault_id)) {
      return fail(
          ErrorType::kInsufficientAccess,
          quoted("Only a Vault Owner may grant or change the membership of a Vault Owner in "
                 "vault",
                 vault, "."));
    }
    const bool is_deactivated = present != nullptr && present->active && !wanted.active;
    if (is_deactivated && wanted.vault_id == caller_.vault_id &&
        caller_.is_self(draft_.before().id)) {
      return fail(ErrorType::kOperationNotAllowed,
                  quoted("A caller may not deactivate its own membership of vault", vault,
                         ", which its session is in."));
    }
    const bool is_activated = wanted.active && (present == nullptr || !present->active);
    if (is_activated && !draft_.now().domain_active) {
      return fail(ErrorType::kOperationNotAllowed,
                  quoted("The account is disabled in the domain, so it cannot be active in vault",
                         vault, "."));
    }
    draft_.edit().set_membership(wanted);
  }

  // active__v and license_type__v mean the session's vault. Activating makes a member of whoever is
  // none; who is none is not active there, so deactivating asks for nothing new.
  void put_session_membership() {
    const std::optional<ProfileIndex> profile = wanted_profile();
    if (!patch_.active && !patch_.license && !profile) return;
    if (refuse_contradiction(profile)) return;
    const Membership* present = draft_.now().membership(caller_.vault_id);
    if (present == nullptr && patch_.active != true) {
      if (patch_.license || profile) refuse_non_member(caller_.vault_id);
      return;
    }
    Membership wanted = present != nullptr ? *present : Membership{.vault_id = caller_.vault_id};
    wanted.active = patch_.active.value_or(wanted.active);
    wanted.license = patch_.license.value_or(wanted.license);
    wanted.profile = profile.value_or(wanted.profile);
    set_membership(present, wanted);
  }

  // security_profile__v where it means the membership of the session's vault.
  [[nodiscard]] std::optional<ProfileIndex> wanted_profile() {
    if (!patch_.security_profile ||
        !(state_.rules.sets_profile() || state_.rules.operation == BatchOperation::kCreate ||
          is_new()))
      return std::nullopt;
    const auto profile = caller_.domain->find_profile(*patch_.security_profile);
    if (!profile) {
      errors_.push_back(invalid_value(*patch_.security_profile, field(FieldId::kSecurityProfile)));
    }
    return profile;
  }

  [[nodiscard]] bool refuse_contradiction(std::optional<ProfileIndex> profile) {
    const auto named =
        std::ranges::find(patch_.memberships, caller_.vault_id, &MembershipPatch::vault_id);
    if (named == patch_.memberships.end()) return false;
    const auto differ = [](const auto& a, const auto& b) { return a && b && *a != *b; };
    bool refused = false;
    const auto refuse = [&](FieldId id) {
      fail(ErrorType::kInvalidData,
           quoted("Field", field(id).name,
                  quoted(" contradicts field", field(FieldId::kVaultMembership).name, ".")));
      refused = true;
    };
    if (differ(patch_.active, named->active)) refuse(FieldId::kActive);
    if (differ(patch_.license, named->license)) refuse(FieldId::kLicenseType);
    if (differ(profile, named->profile)) refuse(FieldId::kSecurityProfile);
    return refused;
  }

  void refuse_non_member(VaultId vault) {
    fail(ErrorType::kOperationNotAllowed, "User [" + to_string(draft_.before().id) +
                                              "] is not a member of vault [" + to_string(vault) +
                                              "].");
  }

  void put_app_license(const AppLicensePatch& patch) {
    const AppLicense* present = draft_.now().app_license(patch.vault_id, patch.application);
    AppLicense wanted =
        present != nullptr
            ? *present
            : AppLicense{.vault_id = patch.vault_id, .application = std::string(patch.application)};
    wanted.active = patch.active.value_or(wanted.active);
    wanted.license = patch.license.value_or(wanted.license);
    if (present != nullptr && *present == wanted) return;
    if (refuse_without_rights_in(patch.vault_id)) return;
    if (draft_.now().membership(patch.vault_id) == nullptr) {
      return refuse_non_member(patch.vault_id);
    }
    if (present == nullptr && draft_.now().app_licensing.size() >= limits::kAppLicensesMax) {
      return fail(ErrorType::kInvalidData, "More than " + std::to_string(limits::kAppLicensesMax) +
                                               " application licenses.");
    }
    draft_.edit().set_app_license(std::move(wanted));
  }

  // No application permits more than its vault (3.5), whichever of the two licenses changes.
  void check_app_licenses() {
    for (const AppLicense& license : draft_.now().app_licensing) {
      const Membership* membership = draft_.now().membership(license.vault_id);
      if (membership == nullptr) continue;
      if (permissiveness(license.license) <= permissiveness(membership->license)) continue;
      if (was_so_before(license, *membership)) continue;
      fail(ErrorType::kInvalidData, quoted("The license of application", license.application,
                                           " permits more than the one of its vault."));
    }
  }

  [[nodiscard]] bool was_so_before(const AppLicense& license, const Membership& membership) const {
    const User& before = draft_.before();
    const AppLicense* old_license = before.app_license(license.vault_id, license.application);
    const Membership* old_membership = before.membership(license.vault_id);
    return old_license != nullptr && old_license->license == license.license &&
           old_membership != nullptr && old_membership->license == membership.license;
  }

  void put_domain_admin() {
    const auto wanted = patch_.is_domain_admin;
    if (!wanted || *wanted == draft_.now().is_domain_admin) return;
    if (refuse_without_domain_admin(FieldId::kIsDomainAdmin)) return;
    if (!*wanted && refuse_losing_last_domain_admin()) return;
    draft_.edit().is_domain_admin = *wanted;
  }

  const BatchState& state_;
  const Caller& caller_;
  const UserPatch& patch_;
  bool is_own_;  // the caller's own account, which it does not administer
  UserDraft draft_;
  std::vector<Error> errors_;
};

}  // namespace

bool is_active_domain_admin(const User& user) { return user.is_domain_admin && user.domain_active; }

std::vector<Error> judge_access(const Caller& caller, const User& user, const BatchRules& rules) {
  // Who joins a vault need not be in the reach of its administrator before.
  const bool is_reached = rules.any_account || rules.operation == BatchOperation::kCreate ||
                          (rules.single && user.id == caller.user->id);
  if (!is_reached && !caller.may_update(user)) {
    return {{ErrorType::kInsufficientAccess,
             quoted("No administrative access to user", to_string(user.id), ".")}};
  }
  if (caller.delegate != nullptr && user.id == caller.user->id) {
    return {{ErrorType::kOperationNotAllowed,
             "A delegated session may not change the account it acts for."}};
  }
  // Lent rights are for the delegator's work, not for the delegate's own account.
  if (caller.delegate != nullptr && user.id == caller.delegate->id) {
    return {{ErrorType::kInsufficientAccess,
             "A delegated session may not change the account of who acts in it."}};
  }
  return {};
}

RecordVerdict judge_record(const BatchState& state, const UserPatch& patch, const User& before) {
  return RecordUpdate(state, patch, before).run();
}

RecordVerdict judge_new_user(const BatchState& state, const UserPatch& patch, const User& blank,
                             DefaultMembership membership) {
  return RecordUpdate(state, patch, blank).create(membership);
}

RecordVerdict judge_join(const BatchState& state, const UserPatch& patch, const User& before,
                         DefaultMembership membership) {
  return RecordUpdate(state, patch, before).join(membership);
}

}  // namespace muster::directory
