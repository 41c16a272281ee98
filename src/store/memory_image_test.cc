#include "store/memory_image.h"

#include <gtest/gtest.h>

#include <optional>

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

}  // namespace
}  // namespace muster::store
