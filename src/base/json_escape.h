// The text of a JSON string. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace muster {

// Appends `text` as it stands between the quotes of a JSON string. Works on pieces of a text too.
void append_json_escaped(std::string& out, std::string_view text);
// With the quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace muster
