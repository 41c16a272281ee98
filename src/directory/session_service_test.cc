#include "directory/session_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "directory/session_testing.h"

namespace muster::directory {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using testing::kClinical;
using testing::kNadia;
using testing::kNoon;
using testing::kPassword;
using testing::kQuality;
using ::testing::Optional;
using ::testing::SizeIs;

class SessionServiceTest : public testing::SessionFixture {
 protected:
  // A session that somebody opened on behalf of Nadia.
  std::string open_delegated_session(UserId delegate) {
    const std::string id(128, 'D');
    const Session session{.id_hash = hasher_.sha256(id),
                          .user_id = kNadia,
                          .vault_id = kQuality,
                          .delegate_user_id = delegate,
                          .created = clock_.now(),
                          .last_activity = clock_.now()};
    write([&](Transaction& tx) { return tx.put_session(session); });
    return id;
  }

  void sweep() { ASSERT_TRUE(sessions_->sweep()); }
  void flush() { ASSERT_TRUE(sessions_->flush_activity()); }

  static constexpr auto kRefused = ErrorType::kInvalidSessionId;
};

TEST_F(SessionServiceTest, CallerIsTheUserInTheSessionsVault) {
  const auto caller = sessions_->authenticate(open_session());
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->user->id, kNadia);
  EXPECT_EQ(caller->vault_id, kQuality);
  EXPECT_EQ(caller->domain->name, "example.com");
  EXPECT_EQ(caller->delegate, nullptr);
}

TEST_F(SessionServiceTest, CallerOfADelegatedSessionHasBoth) {
  add(testing::make_member(3, kQuality));
  const auto caller = sessions_->authenticate(open_delegated_session(UserId{3}));
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->user->id, kNadia);
  ASSERT_NE(caller->delegate, nullptr);
  EXPECT_EQ(caller->delegate->id, UserId{3});
}

TEST_F(SessionServiceTest, BareAndBearerAreAccepted) {
  const std::string id = open_session();
  for (const std::string prefix : {"", "Bearer ", "bearer ", "BEARER "}) {
    EXPECT_EQ(request(prefix + id), std::nullopt) << prefix;
  }
}

TEST_F(SessionServiceTest, NearMissesAreRefused) {
  const std::string id = open_session();
  std::vector<std::string> misses{
      "",       "Bearer",        "Basic " + id,        id.substr(0, 127), id.substr(0, 8) + "*",
      id + "0", ascii_lower(id), std::string(128, '0')};
  for (std::size_t i = 0; i < id.size(); ++i) {
    std::string one_off = id;
    one_off[i] = one_off[i] == 'A' ? 'B' : 'A';
    misses.push_back(one_off);
  }
  for (const std::string& miss : misses) EXPECT_EQ(request(miss), kRefused) << miss;
  EXPECT_EQ(request(id), std::nullopt);
}

TEST_F(SessionServiceTest, TheStoredHashOpensNothing) {
  const std::string id = open_session();
  const Digest hash = hasher_.sha256(id);
  std::string text;
  for (const std::uint8_t byte : hash) text += "0123456789ABCDEF"[byte & 0x0FU];
  EXPECT_EQ(request(text + text + text + text), kRefused);
}

// 4.5, idle timeout and idle clock.

TEST_F(SessionServiceTest, IdleLongerThanTwentyMinutesExpires) {
  const std::string id = open_session();
  clock_.advance(20min);
  EXPECT_EQ(request(id), std::nullopt);
  clock_.advance(20min + 1ms);
  EXPECT_EQ(request(id), kRefused);
  EXPECT_EQ(request(id), kRefused);
}

TEST_F(SessionServiceTest, IdleTimeoutIsASetting) {
  sessions_ = make_service(store_, {.idle_ms = 1000});
  const std::string id = open_session();
  clock_.advance(1001ms);
  EXPECT_EQ(request(id), kRefused);
}

TEST_F(SessionServiceTest, RefusedRequestsDoNotKeepASessionAlive) {
  const std::string id = open_session();
  change(kNadia, [](User& user) { user.domain_active = false; });
  for (int minute = 0; minute < 25; minute += 5) {
    clock_.advance(5min);
    EXPECT_EQ(request(id), kRefused);
  }
  change(kNadia, [](User& user) { user.domain_active = true; });
  EXPECT_EQ(request(id), kRefused);
}

TEST_F(SessionServiceTest, IdleClockRestartsWhenTheLastRequestEnds) {
  const std::string id = open_session();
  auto upload = sessions_->authenticate(id);
  ASSERT_TRUE(upload);
  clock_.advance(3h);
  sweep();
  EXPECT_EQ(request(id), std::nullopt) << "another request during the long one";
  upload = fail(ErrorType::kUnexpectedError, "the request is over");
  clock_.advance(20min);
  EXPECT_EQ(request(id), std::nullopt);
}

TEST_F(SessionServiceTest, KeepAliveRestartsTheIdleClock) {
  const std::string id = open_session();
  for (int i = 0; i < 10; ++i) {
    clock_.advance(15min);
    const auto caller = sessions_->authenticate(id);
    ASSERT_TRUE(caller);
    sessions_->touch(*caller);
  }
}

TEST_F(SessionServiceTest, SettingTheComputersClockExpiresNothing) {
  const std::string id = open_session();
  EXPECT_EQ(request(id), std::nullopt);
  clock_.jump(1h);
  EXPECT_EQ(request(id), std::nullopt);
  clock_.jump(-2h);
  EXPECT_EQ(request(id), std::nullopt);
  clock_.advance(20min + 1ms);
  EXPECT_EQ(request(id), kRefused) << "steady time decides";
}

// 4.5, absolute maximum.

TEST_F(SessionServiceTest, KeepAliveDoesNotExtendFortyEightHours) {
  const std::string id = open_session();
  for (int i = 0; i < 48 * 4; ++i) {
    clock_.advance(15min);
    ASSERT_EQ(request(id), std::nullopt) << i;
  }
  clock_.advance(1ms);
  EXPECT_EQ(request(id), kRefused);
  sweep();
  EXPECT_EQ(stored(hasher_.sha256(id)), std::nullopt);
  EXPECT_THAT(rows("Session Expired"), SizeIs(1));
}

// 4.5, several sessions and their end.

TEST_F(SessionServiceTest, EndEndsOnlyThisSession) {
  const std::string first = open_session();
  const std::string second = open_session();
  ASSERT_TRUE(sessions_->end(*sessions_->authenticate(first), "192.0.2.20"));
  EXPECT_EQ(request(first), kRefused);
  EXPECT_EQ(request(second), std::nullopt);
}

TEST_F(SessionServiceTest, EndLeavesOneRow) {
  const auto caller = sessions_->authenticate(open_session());
  clock_.advance(1min);
  ASSERT_TRUE(sessions_->end(*caller, "192.0.2.20"));
  ASSERT_TRUE(sessions_->end(*caller, "192.0.2.20")) << "already ended is ended";
  const auto trail = rows("User Logout");
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_EQ(trail[0].status, "Success");
  EXPECT_EQ(trail[0].user_id, kNadia);
  EXPECT_EQ(trail[0].user_name, "user25001@example.com");
  EXPECT_EQ(trail[0].source_ip, "192.0.2.20");
  EXPECT_EQ(trail[0].timestamp, kNoon + 1min);
}

TEST_F(SessionServiceTest, EndOfADelegatedSessionNamesWhoActed) {
  add(testing::make_member(3, kQuality));
  ASSERT_TRUE(sessions_->end(*sessions_->authenticate(open_delegated_session(UserId{3})), ""));
  EXPECT_EQ(rows("User Logout").at(0).user_id, UserId{3});
}

TEST_F(SessionServiceTest, EndedSessionDoesNotExpireAsWell) {
  const std::string id = open_session();
  ASSERT_TRUE(sessions_->end(*sessions_->authenticate(id), ""));
  clock_.advance(1h);
  sweep();
  EXPECT_THAT(rows("Session Expired"), IsEmpty());
}

TEST_F(SessionServiceTest, SessionEndedByAPasswordResetIsRefused) {
  const std::string id = open_session();
  EXPECT_EQ(request(id), std::nullopt);
  write([](Transaction& tx) { return tx.end_sessions_of(kNadia, std::nullopt); });
  EXPECT_EQ(request(id), kRefused);
  clock_.advance(1h);
  sweep();
  EXPECT_THAT(rows("Session Expired"), IsEmpty());
}

// Accounts that change while a session lives.

TEST_F(SessionServiceTest, DisabledAccountIsRefused) {
  const std::string id = open_session();
  change(kNadia, [](User& user) { user.domain_active = false; });
  EXPECT_EQ(request(id), kRefused);
}

TEST_F(SessionServiceTest, InactiveMembershipOfTheSessionsVaultIsRefused) {
  const std::string id = open_session();
  change(kNadia, [](User& user) { user.set_membership({.vault_id = kClinical, .active = false}); });
  EXPECT_EQ(request(id), std::nullopt) << "another vault's";
  change(kNadia, [](User& user) { user.set_membership({.vault_id = kQuality, .active = false}); });
  EXPECT_EQ(request(id), kRefused);
}

TEST_F(SessionServiceTest, DomainAdminNeedsNoMembership) {
  const std::string id = open_session();
  change(kNadia, [](User& user) {
    user.is_domain_admin = true;
    user.memberships.clear();
  });
  EXPECT_EQ(request(id), std::nullopt);
}

TEST_F(SessionServiceTest, InactiveVaultIsRefused) {
  const std::string id = open_session();
  change_domain([](Domain& domain) { domain.vaults[0].active = false; });
  EXPECT_EQ(request(id), kRefused);
}

TEST_F(SessionServiceTest, DisabledDelegateOrDelegatorIsRefused) {
  add(testing::make_member(3, kQuality));
  const std::string id = open_delegated_session(UserId{3});
  change(UserId{3}, [](User& user) { user.domain_active = false; });
  EXPECT_EQ(request(id), kRefused);
  change(UserId{3}, [](User& user) { user.domain_active = true; });
  EXPECT_EQ(request(id), std::nullopt);
  change(kNadia, [](User& user) { user.domain_active = false; });
  EXPECT_EQ(request(id), kRefused);
}

TEST_F(SessionServiceTest, CallerSeesTheAccountAsItIsNow) {
  const std::string id = open_session();
  change(kNadia, [](User& user) { user.is_domain_admin = true; });
  EXPECT_TRUE(sessions_->authenticate(id)->is_domain_admin());
}

// The sweep.

TEST_F(SessionServiceTest, ExpiredSessionIsRemovedWithOneRow) {
  const std::string id = open_session();
  clock_.advance(20min + 1ms);
  sweep();
  sweep();
  EXPECT_EQ(stored(hasher_.sha256(id)), std::nullopt);
  const auto trail = rows("Session Expired");
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_EQ(trail[0].user_id, kNadia);
  EXPECT_EQ(trail[0].status, "Success");
  EXPECT_EQ(trail[0].timestamp, clock_.now());
}

TEST_F(SessionServiceTest, SweepSparesWhatIsInUse) {
  const std::string idle = open_session();
  const std::string used = open_session();
  for (int i = 0; i < 3; ++i) {
    clock_.advance(8min);
    EXPECT_EQ(request(used), std::nullopt);
  }
  sweep();
  EXPECT_EQ(stored(hasher_.sha256(idle)), std::nullopt);
  EXPECT_EQ(request(used), std::nullopt);
}

TEST_F(SessionServiceTest, SweepFindsForgottenSessionsOfAnEarlierRun) {
  const std::string id = open_session();
  clock_.advance(10h);
  restart();
  sweep();
  EXPECT_TRUE(stored(hasher_.sha256(id))) << "it could not be used while the server was down";
  clock_.advance(20min + 1ms);
  sweep();
  EXPECT_EQ(stored(hasher_.sha256(id)), std::nullopt);
  EXPECT_THAT(rows("Session Expired"), SizeIs(1));
}

TEST_F(SessionServiceTest, EndedAndExpiredSessionsAreForgotten) {
  const std::string ended = open_session();
  const std::string expired = open_session();
  EXPECT_EQ(request(expired), std::nullopt);
  ASSERT_TRUE(sessions_->end(*sessions_->authenticate(ended), ""));
  EXPECT_EQ(sessions_->sessions_in_use(), 1U);
  clock_.advance(21min);
  EXPECT_EQ(request(expired), kRefused);
  sweep();
  EXPECT_EQ(sessions_->sessions_in_use(), 0U);
}

TEST_F(SessionServiceTest, SweepEndsMoreSessionsThanFitInOneTransaction) {
  const auto count = limits::kSweptSessionsMax + 50;
  write([&](Transaction& tx) -> Result<void> {
    for (std::size_t i = 0; i < count; ++i) {
      const Session session{.id_hash = hasher_.sha256(std::to_string(i)),
                            .user_id = kNadia,
                            .vault_id = kQuality,
                            .delegate_user_id = {},
                            .created = clock_.now(),
                            .last_activity = clock_.now()};
      if (const auto put = tx.put_session(session); !put) return put;
    }
    return {};
  });
  clock_.advance(20min + 1ms);
  sweep();
  sweep();
  EXPECT_EQ(ask([&](Reader& reader) {
              return reader.find_stale_sessions(Timestamp::max(), Timestamp::max(), count)->size();
            }),
            0U);
}

// Restart.

TEST_F(SessionServiceTest, SessionSurvivesARestart) {
  const std::string id = open_session();
  restart();
  EXPECT_EQ(request(id), std::nullopt);
}

TEST_F(SessionServiceTest, IdleClockStartsAgainWithTheServer) {
  const std::string id = open_session();
  clock_.advance(3h);
  restart();
  clock_.advance(20min);
  EXPECT_EQ(request(id), std::nullopt);
  clock_.advance(20min + 1ms);
  EXPECT_EQ(request(id), kRefused);
}

TEST_F(SessionServiceTest, FortyEightHoursGoOnWhileTheServerIsDown) {
  const std::string id = open_session();
  clock_.advance(48h + 1ms);
  restart();
  EXPECT_EQ(request(id), kRefused);
}

// Writing the last activity.

TEST_F(SessionServiceTest, ActivityIsStoredAtMostOnceAMinute) {
  const std::string id = open_session();
  const Digest hash = hasher_.sha256(id);
  clock_.advance(59s);
  EXPECT_EQ(request(id), std::nullopt);
  flush();
  EXPECT_EQ(stored(hash)->last_activity, kNoon);
  clock_.advance(2s);
  EXPECT_EQ(request(id), std::nullopt);
  EXPECT_EQ(stored(hash)->last_activity, kNoon) << "no request writes";
  flush();
  EXPECT_EQ(stored(hash)->last_activity, kNoon + 61s);
  clock_.advance(30s);
  EXPECT_EQ(request(id), std::nullopt);
  flush();
  EXPECT_EQ(stored(hash)->last_activity, kNoon + 61s);
}

TEST_F(SessionServiceTest, FlushDoesNotBringAnEndedSessionBack) {
  const std::string id = open_session();
  clock_.advance(2min);
  EXPECT_EQ(request(id), std::nullopt);
  write([](Transaction& tx) { return tx.end_sessions_of(kNadia, std::nullopt); });
  flush();
  EXPECT_EQ(stored(hasher_.sha256(id)), std::nullopt);
}

TEST_F(SessionServiceTest, FlushDoesNotSetTheActivityOfAnotherProcessBack) {
  const auto other = make_service(store_);
  const std::string id = open_session();
  clock_.advance(2min);
  EXPECT_EQ(request(id), std::nullopt);
  clock_.advance(2min);
  EXPECT_TRUE(other->authenticate(id));
  ASSERT_TRUE(other->flush_activity());
  flush();
  EXPECT_EQ(stored(hasher_.sha256(id))->last_activity, kNoon + 4min);
}

TEST_F(SessionServiceTest, TwoProcessesShareTheActivityTheyStored) {
  const auto other = make_service(store_);
  const std::string id = open_session();
  ASSERT_TRUE(other->authenticate(id));
  clock_.advance(15min);
  EXPECT_EQ(request(id), std::nullopt);
  flush();
  clock_.advance(10min);
  ASSERT_TRUE(other->sweep());
  EXPECT_TRUE(other->authenticate(id));
}

TEST_F(SessionServiceTest, ParallelRequestsLogoutAndSweep) {
  const std::string id = open_session();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 300; ++i) static_cast<void>(request(id));
      });
    }
    threads.emplace_back([&] {
      for (int i = 0; i < 30; ++i) {
        EXPECT_TRUE(sessions_->sweep());
        EXPECT_TRUE(sessions_->flush_activity());
      }
      EXPECT_TRUE(sessions_->end(*sessions_->authenticate(id), ""));
    });
  }
  EXPECT_EQ(request(id), kRefused);
  EXPECT_THAT(rows("User Logout"), SizeIs(1));
  EXPECT_THAT(rows("Session Expired"), IsEmpty());
}

// The burst limit is wired in; its numbers are tested in login_burst_test.cc.

TEST_F(SessionServiceTest, LoginsOfOneNameAreCounted) {
  sessions_ = make_service(store_, {.logins_per_minute = 2});
  EXPECT_EQ(sessions_->login_limit(), 2);
  EXPECT_EQ(sessions_->count_login("a@example.com", "quality.example.com")->remaining, 1);
  EXPECT_EQ(sessions_->count_login("a@example.com", "Quality.example.com:8443")->remaining, 0);
  EXPECT_EQ(sessions_->count_login("A@example.com", "quality.example.com").error().type,
            ErrorType::kApiLimitExceeded);
}

TEST_F(SessionServiceTest, InventedVaultsShareOneCount) {
  sessions_ = make_service(store_, {.logins_per_minute = 2});
  EXPECT_EQ(sessions_->count_login("a@example.com", "x1")->remaining, 1);
  EXPECT_EQ(sessions_->count_login("a@example.com", "")->remaining, 0);
  EXPECT_EQ(sessions_->count_login("a@example.com", "quality.example.com:evil").error().type,
            ErrorType::kApiLimitExceeded);
  EXPECT_EQ(sessions_->count_login("a@example.com", "quality.example.com")->remaining, 1);
}

// Stores that fail, and stores that ask for another run.

class StoreAround : public Store {
 public:
  explicit StoreAround(Store& inner) : inner_(inner) {}
  Result<void> read(const std::function<Result<void>(Reader&)>& work) override {
    return inner_.read(work);
  }
  Result<void> write(const Actor& actor,
                     const std::function<Result<void>(Transaction&)>& work) override {
    return inner_.write(actor, work);
  }
  [[nodiscard]] bool initialised() const override { return inner_.initialised(); }
  [[nodiscard]] Result<void> mark_initialised() override { return inner_.mark_initialised(); }
  [[nodiscard]] bool failed() const override { return inner_.failed(); }

 protected:
  Store& inner_;
};

class BrokenStore final : public StoreAround {
 public:
  using StoreAround::StoreAround;
  Result<void> read(const std::function<Result<void>(Reader&)>&) override { return broken(); }
  Result<void> write(const Actor&, const std::function<Result<void>(Transaction&)>&) override {
    return broken();
  }

 private:
  static Result<void> broken() { return fail(ErrorType::kUnexpectedError, "disk"); }
};

class RetryingStore final : public StoreAround {
 public:
  using StoreAround::StoreAround;
  Result<void> write(const Actor& actor,
                     const std::function<Result<void>(Transaction&)>& work) override {
    const auto lost = inner_.write(actor, [&](Transaction& tx) -> Result<void> {
      if (const auto done = work(tx); !done) return done;
      return fail(ErrorType::kRaceCondition, "lost the race");
    });
    if (!lost && lost.error().type != ErrorType::kRaceCondition) return lost;
    return inner_.write(actor, work);
  }
};

TEST_F(SessionServiceTest, StoreFailureIsNoInvalidSession) {
  const std::string id = open_session();
  BrokenStore broken(store_);
  sessions_ = make_service(broken);
  EXPECT_EQ(request(id), ErrorType::kUnexpectedError);
  EXPECT_EQ(log_in().error().type, ErrorType::kUnexpectedError);
  EXPECT_FALSE(sessions_->sweep());
}

TEST_F(SessionServiceTest, RunAgainTransactionsCountOnce) {
  RetryingStore retrying(store_);
  sessions_ = make_service(retrying);
  EXPECT_FALSE(log_in_wrong());
  EXPECT_EQ(credential(kNadia).failures, 1);
  const std::string id = open_session();
  EXPECT_EQ(credential(kNadia).failures, 0);
  EXPECT_EQ(request(id), std::nullopt);
  EXPECT_THAT(rows("User Login"), SizeIs(2));
  ASSERT_TRUE(sessions_->end(*sessions_->authenticate(id), ""));
  EXPECT_THAT(rows("User Logout"), SizeIs(1));
}

}  // namespace
}  // namespace muster::directory
