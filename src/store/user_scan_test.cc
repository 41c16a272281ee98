#include "store/user_scan.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "directory/testing.h"
#include "store/store_testing.h"

namespace muster::store {
namespace {

namespace dt = directory::testing;
using directory::FieldId;
using directory::UserPtr;
using directory::UserScan;

// So many users that candidates are thrown away on the way, in an order that scatters them.
TEST(ScanPage, KeepsTheFirstOfManyWhateverTheOrderTheyComeIn) {
  constexpr int kUsers = 20'000;
  std::vector<UserPtr> users;
  std::vector<std::int32_t> by_title;
  for (int id = 1; id <= kUsers; ++id) {
    auto user = dt::make_member(id, dt::kQuality);
    const int title = (id * 7919) % kUsers;
    user->set_text(FieldId::kTitle, std::to_string(1'000'000 + title));
    users.push_back(user);
    by_title.push_back(id);
  }
  std::ranges::sort(by_title, {}, [](int id) { return (id * 7919) % kUsers; });

  const auto domain = dt::small_domain();
  for (const std::int64_t start : {0, 10, 5'000, 19'990, 30'000}) {
    const UserScan scan{.vault = dt::kQuality,
                        .filter = {},
                        .order = {{FieldId::kTitle}},
                        .start = start,
                        .limit = 20};
    ScanPage page(scan, *domain);
    for (const UserPtr& user : users) page.see(user);
    const auto found = page.take();
    EXPECT_EQ(found.total, kUsers);
    const auto begin = std::min<std::size_t>(static_cast<std::size_t>(start), by_title.size());
    const auto end = std::min<std::size_t>(begin + 20, by_title.size());
    const std::vector<std::int32_t> expected(by_title.begin() + static_cast<std::ptrdiff_t>(begin),
                                             by_title.begin() + static_cast<std::ptrdiff_t>(end));
    EXPECT_EQ(testing::ids_of(found.users), expected) << start;
  }
}

}  // namespace
}  // namespace muster::store
