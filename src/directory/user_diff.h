// The difference of a user before and after as texts, and the way back: the one mapping from
// fields to stored text that the journal, the snapshot and the audit trail share.
// Pure functions, safe from any thread.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/result.h"
#include "directory/domain.h"
#include "directory/user.h"

namespace muster::directory {

// The stored text of a field: text as is, booleans "true"/"false", ids as digits, date-times as
// format_date_time(); empty = not set. kVaultMembership gives "3003:true:document_user__v:full__v;
// 4112:..." and kAppLicensing its grammar (3.5). Derived from the domain: kDomainName; kVaultId and
// kGroupId as ids joined by ','. Empty for what a session's vault decides (kActive,
// kSecurityProfile, kLicenseType).
[[nodiscard]] std::string field_text(const User& user, FieldId field, const Domain& domain);

// Inverse of field_text() for every field a User holds (not the derived ones). kInvalidData for
// text that field_text() cannot have written, the user then being half set.
[[nodiscard]] Result<void> set_field_text(User& user, FieldId field, std::string_view text,
                                          const Domain& domain);

// The audited fields that are not text, and all audited ones, ascending. Not audited: id, created
// and modified stamps, last login.
inline constexpr std::array kAuditedOthers{
    FieldId::kIsDomainAdmin,         FieldId::kDomainActive, FieldId::kSecurityPolicyId,
    FieldId::kNeedsToChangePassword, FieldId::kDomainId,     FieldId::kVaultMembership,
    FieldId::kAppLicensing};
inline constexpr auto kAuditedFields = [] {
  std::array<FieldId, kTextFields.size() + kAuditedOthers.size()> fields{};
  std::ranges::merge(kTextFields, kAuditedOthers, fields.begin());
  return fields;
}();

// Whether the field has another value. REQUIRES: one of kAuditedOthers.
[[nodiscard]] bool differs(const User& before, const User& after, FieldId field);

// Calls `visit(field, old_text, new_text)` for every audited field that differs, in catalogue
// order. `before` may be null (a new user: every set field, old text empty). The views live for
// the call; texts are not copied. A template, since it runs for every user of every batch.
template <typename Visit>
void diff_users(const User* before, const User& after, const Domain& domain, const Visit& visit) {
  static const User kNobody;
  const auto texts = (before == nullptr ? kNobody : *before).differing_texts(after);
  std::size_t text = 0;
  for (const FieldId field : kAuditedFields) {
    if (is_text(field)) {
      if (texts[text++]) {
        visit(field, before == nullptr ? std::string_view() : before->text(field),
              after.text(field));
      }
      continue;
    }
    if (before != nullptr && !differs(*before, after, field)) continue;
    const std::string old_text = before == nullptr ? "" : field_text(*before, field, domain);
    const std::string new_text = field_text(after, field, domain);
    if (old_text != new_text) visit(field, old_text, new_text);
  }
}

}  // namespace muster::directory
