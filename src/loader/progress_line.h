// The line that shows how far a load is, for a terminal of any width and for a log.
// Pure functions, safe from any thread.
#pragma once

#include <cstdint>
#include <string>

namespace muster::loader {

struct ProgressFigures {
  std::uint64_t total = 0;  // records of the file
  std::uint64_t done = 0;   // with a result, failed ones included
  std::uint64_t failed = 0;
  double per_second = 0;         // over all
  double per_second_recent = 0;  // over the last seconds
};

// At most `width` columns, ASCII only: percent first, then what else fits, the more telling parts
// before the others; the bar takes what is left. `colour`: with escape sequences, which take no
// column.
[[nodiscard]] std::string terminal_line(const ProgressFigures& figures, std::size_t width,
                                        bool colour);

// The same for where there is no terminal: "43.2%, 432000 of 1000000 records, ...".
[[nodiscard]] std::string plain_line(const ProgressFigures& figures);

// "1:02:03", "2:03"; "-:--" when nobody can say.
[[nodiscard]] std::string time_left(const ProgressFigures& figures);

}  // namespace muster::loader
