// Cells that a spreadsheet would take for a formula, and the apostrophe that keeps it from doing so
// (OWASP, CSV injection). Of the text after all apostrophes at its start, the first character
// decides, so that unmarking gives back what was marked, whatever it was.
// Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace muster::codec {

// With an apostrophe before `= + - @ TAB CR | %`.
[[nodiscard]] std::string mark_formula(std::string_view text);
// Without the one that mark_formula() put there.
[[nodiscard]] std::string_view unmark_formula(std::string_view text);

}  // namespace muster::codec
