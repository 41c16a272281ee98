// What this program serves, one call a line: for people, and for the tests that walk all of it.
#pragma once

#include <string>

namespace muster::app {

// `muster routes`: method, path, session (none, optional, required) and the formats of a success
// with the default first, separated by blanks, in the order of the route table.
[[nodiscard]] std::string routes_text();

}  // namespace muster::app
