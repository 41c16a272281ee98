// What a VQL query means for its target: names become fields, literals values (protocol 5.5).
//
//   auto bound = bind_query(*query, *target, *caller.domain);
//
// Pure function, safe from any thread.
#pragma once

#include <vector>

#include "base/result.h"
#include "codec/vql.h"
#include "directory/domain.h"
#include "directory/store.h"
#include "vault_api/query_target.h"

namespace muster::vault_api {

struct BoundQuery {
  std::vector<const QueryField*> columns;  // none twice
  directory::UserFilter filter;
  std::vector<directory::UserScan::SortKey> order;
};

// Errors name the character: kAttributeNotSupported for a field the target lacks, kInvalidData for
// a value that is none of the field's, kIncorrectQuerySyntaxError for a comparison the field does
// not offer.
//
// Texts are compared exactly, user names without regard to ASCII case; < > and BETWEEN follow the
// order of ORDER BY. `!=` finds what is not set, too. An unknown security profile is nobody's.
[[nodiscard]] Result<BoundQuery> bind_query(const codec::VqlQuery& query, const QueryTarget& target,
                                            const directory::Domain& domain);

}  // namespace muster::vault_api
