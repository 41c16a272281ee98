// The text of a JSON string. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace muster {

// Appends `text` as it stands between the quotes of a JSON string. Works on pieces of a text too.
void append_json_escaped(std::string& out, std::string_view text);

// Position of the first byte that cannot stand in a JSON string as it is (a quote, a backslash, a
// control character); text.size() when there is none.
[[nodiscard]] std::size_t find_json_special(std::string_view text);

}  // namespace muster
