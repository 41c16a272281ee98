// The text form of vault memberships, as bulk records carry and the journal keeps it
// (protocol 2.6):
//
//   {vault_id}[:{active__v}[:{security_profile__v}[:{license_type__v}]]], several joined by ';'
//   3003:true:system_admin__v:full__v;4112:false
//
// Pure functions, safe from any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "directory/domain.h"
#include "directory/user_patch.h"

namespace muster::directory {

// Appends what `text` names; an empty part is an absent one; ';' and ',' both separate, blanks
// around a part are trimmed. Gives the errors, none when the text is fine: kInvalidData for a bad
// part, more than four parts, a vault or profile the domain does not have, a vault named twice.
[[nodiscard]] std::vector<Error> parse_memberships(std::string_view text, const Domain& domain,
                                                   std::vector<MembershipPatch>& memberships);

// All four parts of each, joined by ';'; empty for none.
[[nodiscard]] std::string format_memberships(std::span<const Membership> memberships,
                                             const Domain& domain);

}  // namespace muster::directory
