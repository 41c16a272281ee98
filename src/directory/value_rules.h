// What makes a single value of a record acceptable, whatever the record and the user
// (protocol 1.11, 2.5, 2.10). Pure functions, safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "directory/field.h"

namespace muster::directory {

// True when `text` holds a character outside the XML 1.0 range (control characters but
// TAB, LF, CR; U+FFFE, U+FFFF). REQUIRES: valid UTF-8.
[[nodiscard]] bool has_non_xml_characters(std::string_view text);
// `text` without them.
[[nodiscard]] std::string without_non_xml_characters(std::string_view text);

// "true" or "false" in any case; nullopt for anything else ("1", "yes", "").
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

// At most field.length code points. REQUIRES: valid UTF-8.
[[nodiscard]] bool fits(std::string_view text, const Field& field);

// One '@', both sides non-empty, no blanks or control characters.
[[nodiscard]] bool is_email(std::string_view text);

// "name@domain": as is_email(), and without '"', ',' and ';'.
[[nodiscard]] bool is_user_name(std::string_view text);

// What follows the '@' of a user name; empty when there is none.
[[nodiscard]] std::string_view domain_part(std::string_view user_name);

// A message that quotes a client's text, shortened: "{before} [{text}]{after}".
[[nodiscard]] std::string quoted(std::string_view before, std::string_view text,
                                 std::string_view after);

// The errors every field can have, with the value as the client sent it (shortened).
[[nodiscard]] Error invalid_value(std::string_view text, const Field& field);
[[nodiscard]] Error missing_value(const Field& field);
[[nodiscard]] Error not_editable(const Field& field);

}  // namespace muster::directory
