#include "store/memory_image.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "directory/testing.h"

namespace muster::store {
namespace {

using directory::Digest;
using directory::Session;
using directory::UserId;

void store(MemoryImage& image, const Digest& id_hash, const std::optional<Session>& session) {
  Changes changes;
  changes.layer.sessions[id_hash].value = session;
  image.apply(changes);
}

TEST(MemoryImage, ListsASessionOnceHoweverOftenItIsStored) {
  const UserId owner{25001};
  const UserId delegate{25002};
  MemoryImage image;
  Session session{.id_hash = {7}, .user_id = owner, .delegate_user_id = delegate};
  for (int minute = 0; minute < 3; ++minute) {
    session.last_activity += std::chrono::minutes(1);
    store(image, session.id_hash, session);
  }
  EXPECT_EQ(image.sessions_of(owner).size(), 1U);
  EXPECT_EQ(image.sessions_of(delegate).size(), 1U);
  ASSERT_NE(image.find_session(session.id_hash), nullptr);
  EXPECT_EQ(image.find_session(session.id_hash)->last_activity, session.last_activity);

  store(image, session.id_hash, std::nullopt);
  EXPECT_TRUE(image.sessions_of(owner).empty());
  EXPECT_TRUE(image.sessions_of(delegate).empty());
}

// A scan goes on where it was, whatever became of the users between its pieces.
TEST(MemoryImage, IsScannedPieceByPieceWhileUsersComeAndChange) {
  namespace dt = directory::testing;
  MemoryImage image;
  const auto put = [&image](const directory::UserPtr& user) {
    Changes changes;
    changes.layer.users[user->id].value = user;
    image.apply(changes);
  };
  for (const int id : {10, 20, 30, 40}) put(dt::make_member(id, dt::kQuality));
  const auto domain = dt::small_domain();
  const directory::UserScan scan{.vault = dt::kQuality};
  ScanPage page(scan, *domain);

  auto next = image.scan_users(UserId{}, 2, page);
  EXPECT_EQ(next, UserId{30});
  put(dt::make_member(15, dt::kQuality));  // behind
  put(dt::make_member(25, dt::kQuality));  // between the pieces
  put(dt::make_member(35, dt::kQuality));  // ahead
  put(dt::make_user(40));
  next = image.scan_users(*next, 2, page);
  EXPECT_EQ(next, UserId{40});
  EXPECT_EQ(image.scan_users(*next, 2, page), std::nullopt);

  std::vector<std::int32_t> seen;
  for (const auto& user : page.take().users) seen.push_back(user->id.value);
  EXPECT_EQ(seen, (std::vector<std::int32_t>{10, 20, 30, 35}));
}

}  // namespace
}  // namespace muster::store
