#include "store/postgres/page_cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace muster::store {
namespace {

using Numbers = std::vector<std::int64_t>;

// What LIMIT and OFFSET leave of the list, in its order.
Numbers cut_out(Numbers list, const PageCut& cut) {
  if (cut.from_end) std::ranges::reverse(list);
  list.erase(list.begin(), list.begin() + cut.offset);
  list.resize(static_cast<std::size_t>(cut.limit));
  if (cut.from_end) std::ranges::reverse(list);
  return list;
}

TEST(PageCut, EitherEndGivesTheSamePage) {
  for (std::int64_t total = 0; total < 8; ++total) {
    Numbers list;
    for (std::int64_t i = 0; i < total; ++i) list.push_back(i);
    for (std::int64_t start = -1; start < 10; ++start) {
      for (std::int64_t limit = -1; limit < 10; ++limit) {
        Numbers page;
        for (const std::int64_t i : list) {
          if (i >= start && i < std::max<std::int64_t>(start, 0) + limit) page.push_back(i);
        }
        EXPECT_EQ(cut_out(list, cut_page(start, limit, total)), page)
            << start << " " << limit << " " << total;
      }
    }
  }
}

TEST(PageCut, NoMoreThanHalfOfTheListIsWalkedOver) {
  EXPECT_EQ(cut_page(0, 200, 1'000'000).offset, 0);
  EXPECT_FALSE(cut_page(400'000, 200, 1'000'000).from_end);
  EXPECT_EQ(cut_page(999'900, 200, 1'000'000).offset, 0);
  EXPECT_EQ(cut_page(999'900, 200, 1'000'000).limit, 100);
  EXPECT_EQ(cut_page(700'000, 200, 1'000'000).offset, 299'800);
}

TEST(PageCut, NumbersOfAnySize) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(cut_page(5, kMax, 10).limit, 5);
  EXPECT_EQ(cut_page(kMax, kMax, 10).limit, 0);
}

}  // namespace
}  // namespace muster::store
