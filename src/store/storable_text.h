// Which texts every store can keep. PostgreSQL's text holds neither NUL nor broken UTF-8.
// Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace muster::store {

[[nodiscard]] bool is_storable(std::string_view text);
// U+FFFD in place of each byte that cannot be kept.
[[nodiscard]] std::string made_storable(std::string_view text);

}  // namespace muster::store
