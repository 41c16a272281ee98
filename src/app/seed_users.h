// The users section of a seed file. A user carries the fields of the API's user objects, "id",
// "password" and its memberships as a list; values are judged by directory/batch_plan.h, that
// is, by the rules of a bulk update. Pure; see seed_file.h for use.
#pragma once

#include <vector>

#include "app/seed_file.h"
#include "app/seed_object.h"
#include "directory/domain.h"

namespace muster::app {

// What is wrong goes to the problems of `root`. Users without an id get the ids after the
// highest given one. active__v, security_profile__v and license_type__v mean the membership of
// the first vault; what follows from elsewhere (vault_id__v, group_id__v, modified_date__v) is
// ignored.
[[nodiscard]] std::vector<SeedUser> read_seed_users(SeedObject& root,
                                                    const directory::DomainPtr& domain);

}  // namespace muster::app
