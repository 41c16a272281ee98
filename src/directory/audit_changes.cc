#include "directory/audit_changes.h"

#include <array>
#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "directory/user_diff.h"
#include "directory/user_fields.h"

namespace muster::directory {
namespace {

// The text up to `separator`, which is taken off `rest` together with it.
std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

constexpr std::array kMembershipParts = {FieldId::kActive, FieldId::kSecurityProfile,
                                         FieldId::kLicenseType};
using MembershipTexts = std::array<std::string_view, kMembershipParts.size()>;

// "3003:true:document_user__v:full__v;..." by vault, in the order of vault ids.
void collect(std::string_view memberships, bool is_after,
             std::map<int, std::pair<MembershipTexts, MembershipTexts>>& by_vault) {
  while (!memberships.empty()) {
    std::string_view one = next_part(memberships, ';');
    const auto vault = parse_digits<int>(next_part(one, ':')).value_or(0);
    auto& texts = is_after ? by_vault[vault].second : by_vault[vault].first;
    for (std::string_view& text : texts) text = next_part(one, ':');
  }
}

void append_memberships(AuditChanges& changes, std::string_view before, std::string_view after) {
  std::map<int, std::pair<MembershipTexts, MembershipTexts>> by_vault;
  collect(before, false, by_vault);
  collect(after, true, by_vault);
  for (const auto& [vault, texts] : by_vault) {
    const std::string prefix =
        std::string(field(FieldId::kVaultMembership).name) + "[" + std::to_string(vault) + "].";
    for (std::size_t i = 0; i < kMembershipParts.size(); ++i) {
      if (texts.first[i] == texts.second[i]) continue;
      changes.push_back({prefix + std::string(field(kMembershipParts[i]).name),
                         std::string(texts.first[i]), std::string(texts.second[i])});
    }
  }
}

}  // namespace

void append_audit_changes(AuditChanges& changes, FieldId field, std::string_view before,
                          std::string_view after) {
  if (field == FieldId::kVaultMembership) {
    append_memberships(changes, before, after);
    return;
  }
  changes.push_back(
      {std::string(directory::field(field).name), std::string(before), std::string(after)});
}

AuditChanges audit_changes(const User* before, const User& after, const Domain& domain) {
  AuditChanges changes;
  diff_users(before, after, domain,
             [&](FieldId field, std::string_view old_text, std::string_view new_text) {
               append_audit_changes(changes, field, old_text, new_text);
             });
  return changes;
}

}  // namespace muster::directory
