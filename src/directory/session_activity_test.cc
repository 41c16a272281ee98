#include "directory/session_activity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "directory/testing.h"

namespace muster::directory {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kNoon;

constexpr auto kIdleMax = 20min;

class SessionActivityTest : public ::testing::Test {
 protected:
  static Session session_last_active(Timestamp at) {
    Session session;
    session.id_hash.fill(7);
    session.last_activity = at;
    return session;
  }

  testing::StandingClock clock_;
  std::shared_ptr<SessionActivity> activity_ = std::make_shared<SessionActivity>(clock_);
  Session session_ = session_last_active(kNoon);
};

TEST_F(SessionActivityTest, IdleSinceTheLogin) {
  clock_.advance(5min);
  EXPECT_EQ(activity_->idle(session_), 5min);
}

TEST_F(SessionActivityTest, EndOfARequestRestartsTheClock) {
  auto running = activity_->begin_request(session_, kIdleMax);
  clock_.advance(3h);
  EXPECT_EQ(activity_->idle(session_), 0min) << "a long upload does not expire itself";
  running.reset();
  EXPECT_EQ(activity_->idle(session_), 0min);
  clock_.advance(4min);
  EXPECT_EQ(activity_->idle(session_), 4min);
}

TEST_F(SessionActivityTest, OneOfTwoRequestsStillRuns) {
  auto first = activity_->begin_request(session_, kIdleMax);
  auto copy = first;
  auto second = activity_->begin_request(session_, kIdleMax);
  first.reset();
  clock_.advance(1h);
  second.reset();
  clock_.advance(1h);
  EXPECT_EQ(activity_->idle(session_), 0min);
  copy.reset();
  clock_.advance(1min);
  EXPECT_EQ(activity_->idle(session_), 1min);
}

TEST_F(SessionActivityTest, NoRequestBeginsAfterIdlingTooLong) {
  clock_.advance(20min);
  EXPECT_NE(activity_->begin_request(session_, kIdleMax), nullptr);
  clock_.advance(20min + 1ms);
  EXPECT_EQ(activity_->begin_request(session_, kIdleMax), nullptr);
  EXPECT_EQ(activity_->begin_request(session_, kIdleMax), nullptr);
}

TEST_F(SessionActivityTest, TouchRestartsTheClock) {
  EXPECT_EQ(activity_->idle(session_), 0min);
  clock_.advance(19min);
  activity_->touch(session_.id_hash);
  clock_.advance(2min);
  EXPECT_EQ(activity_->idle(session_), 2min);
}

TEST_F(SessionActivityTest, SessionOfAnEarlierRunCountsFromTheStartOfThisOne) {
  const Session old = session_last_active(kNoon - 3h);
  EXPECT_EQ(activity_->idle(old), 0min);
  clock_.advance(7min);
  EXPECT_EQ(activity_->idle(old), 7min);
}

TEST_F(SessionActivityTest, ActivityThatAnotherProcessStoredCounts) {
  EXPECT_EQ(activity_->idle(session_), 0min);
  clock_.advance(15min);
  EXPECT_EQ(activity_->idle(session_last_active(kNoon + 12min)), 3min);
  EXPECT_EQ(activity_->idle(session_last_active(kNoon + 12min)), 3min);
}

TEST_F(SessionActivityTest, StoredTimeInTheFutureIsNow) {
  EXPECT_EQ(activity_->idle(session_last_active(kNoon + 1h)), 0min);
  clock_.advance(1min);
  EXPECT_EQ(activity_->idle(session_last_active(kNoon + 1h)), 1min);
}

TEST_F(SessionActivityTest, UnsavedAfterAMinuteAndOnlyUntilSaved) {
  EXPECT_EQ(activity_->idle(session_), 0min);
  clock_.advance(59'999ms);
  activity_->touch(session_.id_hash);
  EXPECT_THAT(activity_->unsaved(), IsEmpty());
  clock_.advance(1ms);
  activity_->touch(session_.id_hash);
  const auto unsaved = activity_->unsaved();
  ASSERT_EQ(unsaved.size(), 1U);
  EXPECT_EQ(unsaved[0].id_hash, session_.id_hash);
  EXPECT_EQ(unsaved[0].last_activity, kNoon + 1min);
  activity_->saved(unsaved[0]);
  EXPECT_THAT(activity_->unsaved(), IsEmpty());
}

TEST_F(SessionActivityTest, IdleSessionIsNotSavedAgainAndAgain) {
  EXPECT_EQ(activity_->idle(session_), 0min);
  clock_.advance(10min);
  EXPECT_THAT(activity_->unsaved(), IsEmpty());
}

TEST_F(SessionActivityTest, RunningRequestIsActivityNow) {
  const auto running = activity_->begin_request(session_, kIdleMax);
  clock_.advance(5min);
  const auto unsaved = activity_->unsaved();
  ASSERT_EQ(unsaved.size(), 1U);
  EXPECT_EQ(unsaved[0].last_activity, kNoon + 5min);
}

TEST_F(SessionActivityTest, ListsTheIdleOnesOnly) {
  Session other = session_;
  other.id_hash.fill(8);
  EXPECT_EQ(activity_->idle(session_), 0min);
  EXPECT_EQ(activity_->idle(other), 0min);
  clock_.advance(15min);
  activity_->touch(other.id_hash);
  clock_.advance(6min);
  EXPECT_THAT(activity_->idle_longer_than(kIdleMax), ElementsAre(session_.id_hash));
  activity_->forget(session_.id_hash);
  EXPECT_THAT(activity_->idle_longer_than(kIdleMax), IsEmpty());
}

TEST_F(SessionActivityTest, RequestMayOutliveItsSessionAndTheTable) {
  auto running = activity_->begin_request(session_, kIdleMax);
  activity_->forget(session_.id_hash);
  activity_.reset();
  running.reset();
}

TEST_F(SessionActivityTest, ParallelRequestsAreCountedExactly) {
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          EXPECT_NE(activity_->begin_request(session_, kIdleMax), nullptr);
        }
      });
    }
  }
  clock_.advance(1min);
  EXPECT_EQ(activity_->idle(session_), 1min) << "no request is left running";
}

}  // namespace
}  // namespace muster::directory
