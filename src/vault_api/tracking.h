// The two free texts by which clients mark their calls in the logs (protocol section 1.8).
// Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace muster::vault_api {

// The query parameter wins over the header. 1 to 100 characters of [A-Za-z0-9._-]; absent gives
// "unknown", anything else "invalid_client_id".
[[nodiscard]] std::string tracked_client_id(std::string_view query_value,
                                            std::string_view header_value);

// Printable ASCII of at most 255 characters, otherwise empty.
[[nodiscard]] std::string tracked_reference_id(std::string_view header_value);

}  // namespace muster::vault_api
