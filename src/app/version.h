// What this program is and what it is built with.
#pragma once

#include <string>
#include <string_view>

namespace muster::app {

[[nodiscard]] std::string_view version();  // "0.1.0"

// `muster version`: the program, then one library a line with its version.
[[nodiscard]] std::string version_text();

}  // namespace muster::app
