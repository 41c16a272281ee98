#include "directory/session_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "directory/fake_secrets.h"

namespace muster::directory {
namespace {

TEST(SessionId, IsAHundredAndTwentyEightUpperCaseHexCharacters) {
  testing::FakeRandom random;
  EXPECT_THAT(make_session_id(random), ::testing::MatchesRegex("[0-9A-F]{128}"));
}

TEST(SessionId, TenThousandAreDistinct) {
  testing::FakeRandom random;
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(make_session_id(random));
  EXPECT_EQ(ids.size(), 10'000U);
}

TEST(SessionId, ReadBareAndAfterBearer) {
  testing::FakeRandom random;
  const std::string id = make_session_id(random);
  for (const std::string prefix : {"", "Bearer ", "bearer ", "BEARER ", "bEaReR   "}) {
    EXPECT_EQ(read_session_id(prefix + id), id) << prefix;
  }
}

TEST(SessionId, WhatDoesNotLookLikeOneIsRefused) {
  testing::FakeRandom random;
  const std::string id = make_session_id(random);
  const std::vector<std::string> others{
      "",
      "Bearer",
      "Bearer ",
      id.substr(1),
      id.substr(0, 127),
      id + "0",
      id + id,
      " " + id,
      "Bearer" + id,
      "Bearer Bearer " + id,
      "Basic " + id,
      "Token " + id,
      "\"" + id + "\"",
      id + "=",
      ascii_lower(id),
      id.substr(0, 127) + "G",
      id.substr(0, 127) + "\n",
      id.substr(0, 127) + std::string(1, '\0'),
      id.substr(0, 126) + "\xC3\xA9",
      "%" + id.substr(0, 127),
      std::string(128, ' '),
      std::string(8000, 'A'),
  };
  for (const std::string& other : others) EXPECT_EQ(read_session_id(other), std::nullopt) << other;
}

TEST(SessionId, TruncatedFormShowsEightCharacters) {
  EXPECT_EQ(truncated_session_id("4F0C12AB" + std::string(120, 'E')), "4F0C12AB*");
}

}  // namespace
}  // namespace muster::directory
