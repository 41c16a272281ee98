// From which end a page is read. OFFSET walks over all rows before the page, so one behind the
// middle is read from the end of the list:
//
//   const PageCut cut = cut_page(start, limit, total);
//   "... ORDER BY id" + std::string(cut.from_end ? " DESC" : "") + " LIMIT $2 OFFSET $3"
//
// Pure function, safe from any thread.
#pragma once

#include <algorithm>
#include <cstdint>

namespace muster::store {

struct PageCut {
  bool from_end = false;  // the rows come in reverse
  std::int64_t limit = 0;
  std::int64_t offset = 0;
};

// Of `total` rows those from `start`, at most `limit`; limit 0 when there are none.
[[nodiscard]] constexpr PageCut cut_page(std::int64_t start, std::int64_t limit,
                                         std::int64_t total) {
  const std::int64_t begin = std::clamp<std::int64_t>(start, 0, total);
  const std::int64_t count = std::clamp<std::int64_t>(limit, 0, total - begin);
  const std::int64_t behind = total - begin - count;
  if (begin <= behind) return {.from_end = false, .limit = count, .offset = begin};
  return {.from_end = true, .limit = count, .offset = behind};
}

}  // namespace muster::store
