// Session ids: 64 random bytes as 128 upper-case hex characters (protocol sections 1.2, 1.8).
// Pure functions, safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "directory/secrets.h"

namespace muster::directory {

inline constexpr std::size_t kSessionIdBytes = 64;

[[nodiscard]] std::string make_session_id(RandomSource& random);

// The session id within an Authorization header value, "{id}" or "Bearer {id}" ("Bearer" in any
// case); nullopt when it does not look like one of ours. The view points into `authorization`.
[[nodiscard]] std::optional<std::string_view> read_session_id(std::string_view authorization);

// First eight characters and "*": tells sessions apart in answers and logs, opens nothing.
// REQUIRES: what read_session_id() or make_session_id() gave.
[[nodiscard]] std::string truncated_session_id(std::string_view session_id);

}  // namespace muster::directory
