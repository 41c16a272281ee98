// What one record wants of one user, parsed and checked as far as that goes without knowing
// the user's present state. Text views point into the BatchPlan that owns the record.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/field.h"
#include "directory/ids.h"
#include "directory/user.h"

namespace muster::directory {

// One membership named by the record; an absent part means "keep", or the default for a new one.
struct MembershipPatch {
  VaultId vault_id;
  std::optional<bool> active;
  std::optional<ProfileIndex> profile;
  std::optional<LicenseType> license;
};

struct AppLicensePatch {
  VaultId vault_id;
  std::string_view application;
  std::optional<bool> active;
  std::optional<LicenseType> license;
};

struct UserPatch {
  using Text = std::pair<FieldId, std::string_view>;

  std::bitset<kFieldCount> given;  // fields with a value, whatever became of it
  std::vector<Text> texts;         // new values; empty = clear
  std::vector<Text> read_only;     // must equal the stored value, else the record fails
  std::optional<std::string_view> security_profile;  // set or compared, as the rules say
  std::optional<bool> is_domain_admin;
  std::optional<bool> active;  // membership of the session vault
  std::optional<bool> domain_active;
  std::optional<bool> needs_to_change_password;
  std::optional<PolicyId> security_policy_id;
  std::optional<LicenseType> license;  // membership of the session vault
  std::vector<MembershipPatch> memberships;
  std::vector<AppLicensePatch> app_licensing;
};

}  // namespace muster::directory
