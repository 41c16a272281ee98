// The difference of a user before and after as texts, and the way back: the one mapping from
// fields to stored text that the journal, the snapshot and the audit trail share.
// Pure functions, safe from any thread.
#pragma once

#include <functional>
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

// Calls `visit(field, old_text, new_text)` for every audited field that differs, in catalogue
// order: the text fields, flags, policy, domain id, memberships and application licenses. `before`
// may be null (a new user: every set field, old text empty). Not audited, so not visited: id,
// created and modified stamps, last login. The views live for the call; texts are not copied.
void diff_users(const User* before, const User& after, const Domain& domain,
                const std::function<void(FieldId, std::string_view, std::string_view)>& visit);

}  // namespace muster::directory
