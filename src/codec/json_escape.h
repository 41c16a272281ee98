// The escapes of a JSON string. Internal to codec.
#pragma once

#include <string>
#include <string_view>

namespace muster::codec {

// Appends `text` as it stands between the quotes of a JSON string. Works on pieces of a text too.
void append_json_escaped(std::string& out, std::string_view text);

}  // namespace muster::codec
