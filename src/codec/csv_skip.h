// Steps over CSV text that nobody needs, 64 bytes at a time: the rest of a cell that is too long to
// be kept, and cells beyond the header. A body may be a gigabyte of either.
//
// Each function looks at whole blocks only and stops early when in doubt: the reader's own way,
// byte by special byte, goes on from there. Internal to codec. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace muster::codec {

struct Skipped {
  std::size_t end = 0;     // go on here
  std::size_t lines = 0;   // line ends stepped over
  std::size_t commas = 0;  // that end a cell
};

// From inside of quotes at `at` to the closing quote, or less far.
[[nodiscard]] Skipped skip_quoted(std::string_view text, std::size_t at);

// From inside of an unquoted cell at `at` to the comma or line end after it, or less far.
[[nodiscard]] Skipped skip_cell(std::string_view text, std::size_t at);

// From the beginning of a cell at `at`, over cells shorter than a block, quoted or not, to the
// beginning of another cell of the same line.
[[nodiscard]] Skipped skip_cells(std::string_view text, std::size_t at);

}  // namespace muster::codec
