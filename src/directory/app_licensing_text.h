// The text form of application licenses, as bulk records carry and the journal keeps it
// (protocol 3.5):
//
//   {vault_id}|{application}[:{active__v}[:{license_type__v}]], several applications joined by
//   '|', several vaults by ';'
//   3003|exampleQms_v:true:full__v|exampleDocs_v::read_only__v;4112|exampleDocs_v
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

// Appends what `text` names; the views in it point into `text`. An empty part is an absent one;
// blanks around a part are trimmed. Gives the errors, none when the text is fine: kInvalidData for
// a bad part, an unknown vault, an application named twice, more than kAppLicensesMax.
[[nodiscard]] std::vector<Error> parse_app_licensing(std::string_view text, const Domain& domain,
                                                     std::vector<AppLicensePatch>& licenses);

// All parts of each, in one group per vault. REQUIRES: ascending by (vault, application).
[[nodiscard]] std::string format_app_licensing(std::span<const AppLicense> licenses);

}  // namespace muster::directory
