#include "directory/membership_text.h"

#include <algorithm>
#include <array>
#include <expected>
#include <optional>

#include "base/limits.h"
#include "base/text.h"
#include "directory/user_fields.h"
#include "directory/value_rules.h"

namespace muster::directory {
namespace {

constexpr std::size_t kPartsMax = 4;

Error in_membership(std::string_view what, std::string_view text) {
  return {ErrorType::kInvalidData,
          quoted(what, text, quoted(" in field", field(FieldId::kVaultMembership).name, "."))};
}

// The colon-separated parts, trimmed, absent ones empty; nullopt when there are too many.
std::optional<std::array<std::string_view, kPartsMax>> split_parts(std::string_view text) {
  std::array<std::string_view, kPartsMax> parts{};
  for (std::string_view& part : parts) {
    const std::size_t colon = text.find(':');
    part = trim(text.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

std::expected<MembershipPatch, Error> parse_one(std::string_view text, const Domain& domain) {
  const auto parts = split_parts(text);
  if (!parts) return std::unexpected(in_membership("More than four parts", text));
  const auto& [vault, active, profile, license] = *parts;

  const auto vault_id = parse_id<VaultId>(vault);
  if (!vault_id) return std::unexpected(in_membership("Invalid value", text));
  if (domain.find_vault(*vault_id) == nullptr) {
    return std::unexpected(in_membership("Unknown vault", vault));
  }
  const MembershipPatch patch{.vault_id = *vault_id,
                              .active = parse_boolean(active),
                              .profile = domain.find_profile(profile),
                              .license = parse_license(license)};
  if (!active.empty() && !patch.active) {
    return std::unexpected(in_membership("Invalid value", text));
  }
  if (!profile.empty() && !patch.profile) {
    return std::unexpected(in_membership("Unknown security profile", profile));
  }
  if (!license.empty() && !patch.license) {
    return std::unexpected(in_membership("Unknown license type", license));
  }
  return patch;
}

// Position of the first ';' or ','; npos when there is none.
std::size_t find_separator(std::string_view text) {
  const auto found = std::ranges::find_if(text, [](char c) { return c == ';' || c == ','; });
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

bool is_named(const std::vector<MembershipPatch>& memberships, VaultId vault) {
  return std::ranges::find(memberships, vault, &MembershipPatch::vault_id) != memberships.end();
}

}  // namespace

std::vector<Error> parse_memberships(std::string_view text, const Domain& domain,
                                     std::vector<MembershipPatch>& memberships) {
  std::vector<Error> errors;
  while (true) {
    const std::size_t end = find_separator(text);
    auto patch = parse_one(trim(text.substr(0, end)), domain);
    if (!patch) {
      errors.push_back(std::move(patch.error()));
    } else if (is_named(memberships, patch->vault_id)) {
      errors.push_back(in_membership("Repeated vault", to_string(patch->vault_id)));
    } else {
      memberships.push_back(*patch);
    }
    if (end == std::string_view::npos || errors.size() >= limits::kRecordErrorsMax) return errors;
    text.remove_prefix(end + 1);
  }
}

std::string format_memberships(std::span<const Membership> memberships, const Domain& domain) {
  std::string text;
  for (const Membership& membership : memberships) {
    if (!text.empty()) text += ';';
    text += to_string(membership.vault_id);
    text += membership.active ? ":true:" : ":false:";
    text += domain.profile_name(membership.profile);
    text += ':';
    text += license_name(membership.license);
  }
  return text;
}

}  // namespace muster::directory
