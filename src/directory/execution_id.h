// Execution ids: the name of one call in answers, logs and audit rows (protocol section 1.8).
#pragma once

#include <string>

#include "base/time.h"
#include "directory/secrets.h"

namespace muster::directory {

// UUID version 7 (RFC 9562 section 5.7), lower case: ids of later milliseconds sort later.
// Thread-safe as far as `random` is. REQUIRES: `now` is not before 1970.
[[nodiscard]] std::string make_uuid_v7(Timestamp now, RandomSource& random);

}  // namespace muster::directory
