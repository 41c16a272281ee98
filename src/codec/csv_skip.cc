#include "codec/csv_skip.h"

#include <bit>
#include <cstdint>

#include "codec/special_bytes.h"

namespace muster::codec {
namespace {

constexpr std::size_t kBlock = ByteMask::kBlock;

std::size_t count(std::uint64_t mask) { return static_cast<std::size_t>(std::popcount(mask)); }

// The first n bytes of a block. REQUIRES: n < 64.
constexpr std::uint64_t first(std::size_t n) { return (std::uint64_t{1} << n) - 1; }

// The byte after each run of quotes that has an odd number of them. Such a run closes the cell, all
// others are pairs. Adding a run's first bit to the run carries into the byte after it; whether
// that is an odd number of bytes away shows in the parity of the two places.
std::uint64_t after_odd_runs(std::uint64_t quotes) {
  constexpr std::uint64_t kEven = 0x5555555555555555ULL;
  const std::uint64_t starts = quotes & ~(quotes << 1U);
  const std::uint64_t after_even_start = (quotes + (starts & kEven)) & ~quotes;
  const std::uint64_t after_odd_start = (quotes + (starts & ~kEven)) & ~quotes;
  return (after_even_start & ~kEven) | (after_odd_start & kEven);
}

// The bytes before which an odd number of quotes stands, an opening one included.
std::uint64_t after_odd_number(std::uint64_t quotes) {
  for (unsigned step = 1; step < 64; step *= 2) quotes ^= quotes << step;
  return quotes;
}

}  // namespace

Skipped skip_quoted(std::string_view text, std::size_t at) {
  Skipped skipped;
  while (text.size() - at >= kBlock) {
    const char* const block = text.data() + at;
    const std::uint64_t quotes = ByteMask::of<'"'>(block);
    const std::uint64_t lines = ByteMask::of<'\n'>(block);
    // Quotes at the end may go on in the next block; 64 of them are pairs anyway.
    const auto open = static_cast<std::size_t>(std::countl_one(quotes));
    if (open == kBlock || quotes == 0) {
      skipped.lines += count(lines);
      at += kBlock;
      continue;
    }
    const std::size_t size = kBlock - open;
    const std::uint64_t closed = open == 0 ? quotes : quotes & first(size);
    const std::uint64_t after_closing = after_odd_runs(closed);
    if (after_closing != 0) {
      const auto closing = static_cast<std::size_t>(std::countr_zero(after_closing)) - 1;
      skipped.lines += count(lines & first(closing));
      at += closing;
      break;
    }
    skipped.lines += count(lines);
    at += size;
  }
  skipped.end = at;
  return skipped;
}

Skipped skip_cell(std::string_view text, std::size_t at) {
  while (text.size() - at >= kBlock && ByteMask::none_of<',', '\n'>(text.data() + at)) at += kBlock;
  if (text.size() - at < kBlock) return {.end = at};
  const std::uint64_t ends = ByteMask::of<',', '\n'>(text.data() + at);
  return {.end = at + static_cast<std::size_t>(std::countr_zero(ends))};
}

Skipped skip_cells(std::string_view text, std::size_t at) {
  Skipped skipped;
  while (text.size() - at >= kBlock) {
    const char* const block = text.data() + at;
    const std::uint64_t commas = ByteMask::of<','>(block);
    const std::uint64_t quotes = ByteMask::of<'"'>(block);
    const std::uint64_t lines = ByteMask::of<'\n'>(block);
    const std::uint64_t quoted = after_odd_number(quotes);
    const std::uint64_t opening = quotes & quoted;
    const std::uint64_t closing = quotes & ~quoted;
    // All of this holds as long as quotes open where a cell begins, or as the second of two, and
    // close before a comma or as the first of two, and the line does not end.
    const std::uint64_t may_open = (commas & ~quoted) << 1U | closing << 1U | 1U;
    const std::uint64_t wrong =
        (opening & ~may_open) | (closing << 1U & ~(commas | quotes)) | (lines & ~quoted);
    const std::uint64_t before_wrong = wrong == 0 ? ~std::uint64_t{0} : (wrong & -wrong) - 1;
    const std::uint64_t ends = commas & ~quoted & before_wrong;
    if (ends == 0) break;
    const auto last = static_cast<std::size_t>(std::bit_width(ends)) - 1;
    skipped.commas += count(ends);
    skipped.lines += count(lines & first(last));
    at += last + 1;
  }
  skipped.end = at;
  return skipped;
}

}  // namespace muster::codec
