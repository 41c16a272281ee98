#include "directory/user.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace muster::directory {
namespace {

auto membership_at(auto& memberships, VaultId vault) {
  return std::ranges::lower_bound(memberships, vault, {}, &Membership::vault_id);
}

auto app_license_at(auto& licenses, VaultId vault, std::string_view application) {
  return std::ranges::lower_bound(
      licenses, std::pair(vault, application), {}, [](const AppLicense& license) {
        return std::pair(license.vault_id, std::string_view(license.application));
      });
}

bool is_app_license_of(const AppLicense& license, VaultId vault, std::string_view application) {
  return license.vault_id == vault && license.application == application;
}

constexpr std::array<std::string_view, 5> kLicenseNames{"full__v", "external__v", "read_only__v",
                                                        "learner_user__v", "view_based__v"};

}  // namespace

User::User(const User& before, std::span<const TextChange> texts) : Account(before) {
  Texts::Views all = before.texts_.all();
  for (const auto& [field, text] : texts) all[text_place(field)] = text;
  texts_.pack(all);
}

void User::set_texts(std::span<const TextChange> texts) {
  Texts::Views all = texts_.all();
  for (const auto& [field, text] : texts) all[text_place(field)] = text;
  texts_.pack(all);
}

void User::set_text(FieldId field, std::string_view text) {
  set_texts(std::array{TextChange(field, text)});
}

std::string User::full_name() const {
  const std::string_view first = text(FieldId::kFirstName);
  const std::string_view last = text(FieldId::kLastName);
  std::string name(first);
  if (!first.empty() && !last.empty()) name += ' ';
  name += last;
  return name;
}

const Membership* User::membership(VaultId vault) const {
  const auto found = membership_at(memberships, vault);
  return found != memberships.end() && found->vault_id == vault ? &*found : nullptr;
}

void User::set_membership(const Membership& membership) {
  const auto found = membership_at(memberships, membership.vault_id);
  if (found != memberships.end() && found->vault_id == membership.vault_id) {
    *found = membership;
  } else {
    memberships.insert(found, membership);
  }
}

const AppLicense* User::app_license(VaultId vault, std::string_view application) const {
  const auto found = app_license_at(app_licensing, vault, application);
  const bool exists = found != app_licensing.end() && is_app_license_of(*found, vault, application);
  return exists ? &*found : nullptr;
}

void User::set_app_license(AppLicense license) {
  const auto found = app_license_at(app_licensing, license.vault_id, license.application);
  if (found != app_licensing.end() &&
      is_app_license_of(*found, license.vault_id, license.application)) {
    *found = std::move(license);
  } else {
    app_licensing.insert(found, std::move(license));
  }
}

std::string fold_user_name(std::string_view user_name) { return ascii_lower(user_name); }

std::string_view license_name(LicenseType license) {
  return kLicenseNames.at(static_cast<std::size_t>(license));
}

std::optional<LicenseType> parse_license(std::string_view name) {
  const auto found = std::ranges::find(kLicenseNames, name);
  if (found == kLicenseNames.end()) return std::nullopt;
  return static_cast<LicenseType>(found - kLicenseNames.begin());
}

}  // namespace muster::directory
