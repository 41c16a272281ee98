// The stored text of what is not a user: sessions, credentials and the domain. Used by journal
// and snapshot alike. The readers are in row_reader.h.
//
//   session:    ["<hash in hex>",user,vault,delegate,created,last activity]
//   credential: [user,"<hash>",changed,["<older hash>"],failures,locked until or null,last vault]
//   domain:     an object with the names of directory::Domain; what an older version did not write
//               reads as the default
//
// Times are milliseconds since 1970. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "directory/domain.h"
#include "directory/session.h"

namespace muster::store {

[[nodiscard]] inline std::int64_t milliseconds(Timestamp at) {
  return at.time_since_epoch().count();
}
[[nodiscard]] inline Timestamp timestamp(std::int64_t milliseconds) {
  return Timestamp(std::chrono::milliseconds(milliseconds));
}

[[nodiscard]] std::string digest_text(const directory::Digest& digest);  // 64 hex characters
void append_time(std::string& out, std::optional<Timestamp> at);         // null when absent
void append_session(std::string& out, const directory::Session& session);
void append_credential(std::string& out, directory::UserId id,
                       const directory::Credential& credential);
void append_domain(std::string& out, const directory::Domain& domain);

}  // namespace muster::store
