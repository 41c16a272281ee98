// Power cuts and failing disks under the embedded store. After each: every acknowledged
// transaction is there, every other one is there as a whole or not at all, and the audit trail
// tells exactly the changes that are there.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

#include "store/embedded/crash_disk.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/temporary_directory.h"
#include "store/store_testing.h"

namespace muster::store {
namespace {

using namespace directory;       // NOLINT(google-build-using-namespace)
using namespace store::testing;  // NOLINT(google-build-using-namespace)

constexpr int kUsers = 30;
constexpr int kSteps = 10;

UserId user_id(int user) { return UserId{500 + user}; }

// Transaction `step` of the script changes these users ...
bool is_touched(int user, int step) { return (user + step) % 3 == 0; }
// ... begins session `step`, ends session `step - 2`, and gives user 0 `step` failures.

Result<void> run_step(Store& store, int step) {
  const Actor actor = actor_at(step);
  return store.write(actor, [&](Transaction& tx) -> Result<void> {
    std::vector<UserId> ids;
    for (int user = 0; user < kUsers; ++user) {
      if (is_touched(user, step)) ids.push_back(user_id(user));
    }
    auto done = edit_in(tx, ids, actor, [&](User& user) {
      user.set_text(FieldId::kTitle, "step " + std::to_string(step));
      user.set_text(FieldId::kFederatedId,
                    to_string(user.id) + "-" + std::to_string(step) + std::string(200, 'f'));
    });
    if (!done) return done;
    if (done = tx.put_session({.id_hash = digest_of(step), .user_id = user_id(1)}); !done) {
      return done;
    }
    if (done = tx.end_session(digest_of(step - 2)); !done) return done;
    return tx.put_credential(user_id(0), {.password_hash = "hash", .failures = step});
  });
}

// The state after `steps` of the script.
void expect_state(Store& store, int steps) {
  ASSERT_EQ(user_count(store), kUsers);
  std::int64_t changes = kUsers;
  for (int user = 0; user < kUsers; ++user) {
    std::string title;
    for (int step = 1; step <= steps; ++step) {
      if (!is_touched(user, step)) continue;
      title = "step " + std::to_string(step);
      ++changes;
    }
    ASSERT_EQ(user_of(store, user_id(user))->text(FieldId::kTitle), title) << "user " << user;
  }
  ASSERT_EQ(domain_trail(store).total, changes);
  ASSERT_EQ(std::ssize(domain_trail(store).rows), changes);
  for (int step = 1; step <= steps; ++step) {
    const auto session =
        ask(store, [&](Reader& reader) { return reader.find_session(digest_of(step)); });
    ASSERT_EQ(session.has_value(), step > steps - 2) << "session " << step;
  }
  const auto credential =
      ask(store, [&](Reader& reader) { return reader.find_credential(user_id(0)); });
  ASSERT_EQ(credential ? credential->failures : 0, steps);
}

// How many steps of the script the store has taken; every step touches user 0, 1 or 2.
int steps_of(Store& store) {
  int steps = 0;
  for (int user = 0; user < 3; ++user) {
    const std::string title(user_of(store, user_id(user))->text(FieldId::kTitle));
    if (!title.empty()) steps = std::max(steps, std::stoi(title.substr(5)));
  }
  return steps;
}

// What the script was told before the disk went away.
struct Acknowledged {
  bool initialised = false;
  int steps = 0;
  int failures_reported = 0;
};

class CrashTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<EmbeddedStore>> open() {
    EmbeddedOptions options;
    options.on_failure = [this](const std::string&) { ++failures_reported_; };
    options.snapshot_bytes_min = -1;  // at every call of maintain()
    options.wal_bytes_max = 200'000;
    options.has_maintenance_thread = false;
    options.vfs = disk_.vfs_name();
    return EmbeddedStore::open(directory_.path(), std::move(options), metrics_);
  }

  // Fills a store and takes the steps until something fails.
  Acknowledged run_script() {
    Acknowledged told;
    failures_reported_ = 0;
    const auto store = open();
    if (!store) return told;
    fill(**store, told);
    for (int step = 1; told.initialised && step <= kSteps; ++step) {
      const Result<void> done = run_step(**store, step);
      EXPECT_EQ((*store)->failed(), !done);
      if (!done) break;
      told.steps = step;
      if (step % 3 == 0 && !(*store)->maintain()) break;
    }
    if ((*store)->failed()) {
      EXPECT_FALSE(run_step(**store, 99)) << "a failed store takes no more";
      if (told.initialised) expect_state(**store, told.steps);
    }
    (*store)->close();
    told.failures_reported = failures_reported_;
    EXPECT_LE(told.failures_reported, 1);
    return told;
  }

  void fill(Store& store, Acknowledged& told) {
    std::vector<std::shared_ptr<User>> users;
    for (int user = 0; user < kUsers; ++user) users.push_back(dt::make_user(500 + user));
    if (!try_create(store, actor_at(0, "Create Users"), users)) return;
    told.initialised = store.mark_initialised().has_value();
  }

  // What must hold after the restart, whatever arrived on the disk.
  void expect_whole(const Acknowledged& told) {
    {
      const auto store = open();
      ASSERT_TRUE(store) << store.error().message;
      if (!(*store)->initialised()) {
        ASSERT_FALSE(told.initialised);
        ASSERT_EQ(user_count(**store), 0);
        return;
      }
      const int steps = steps_of(**store);
      ASSERT_GE(steps, told.steps) << "an acknowledged transaction is lost";
      ASSERT_LE(steps, std::min(told.steps + 1, kSteps));
      expect_state(**store, steps);
      if (steps == kSteps) return;
      ASSERT_TRUE(run_step(**store, steps + 1)) << "the store goes on";
      (*store)->close();
    }
    const auto store = open();
    ASSERT_TRUE(store) << store.error().message;
    expect_state(**store, steps_of(**store));
  }

  std::int64_t operations_of_a_whole_run() {
    const Acknowledged told = run_script();
    EXPECT_EQ(told.steps, kSteps);
    const std::int64_t operations = disk_.operations();
    forget_everything();
    return operations;
  }

  void forget_everything() { disk_.erase(); }

  TemporaryDirectory directory_;
  CrashDisk disk_;
  Metrics metrics_;
  int failures_reported_ = 0;
};

constexpr int kDropPatterns = 5;

TEST_F(CrashTest, APowerCutAtAnyOperationLosesNothingAcknowledged) {
  const std::int64_t operations = operations_of_a_whole_run();
  ASSERT_GT(operations, 150);
  std::mt19937_64 random(20'260'101);
  for (std::int64_t cut = 0; cut < operations; ++cut) {
    for (int pattern = 0; pattern < kDropPatterns; ++pattern) {
      disk_.cut_power_at(cut);
      const Acknowledged told = run_script();
      disk_.restart(random);
      expect_whole(told);
      if (HasFatalFailure()) FAIL() << "cut at " << cut << ", pattern " << pattern;
      forget_everything();
    }
  }
}

TEST_F(CrashTest, AFailingLastSnapshotIsAFailureOfTheStore) {
  const auto store = open();
  ASSERT_TRUE(store);
  Acknowledged told;
  fill(**store, told);
  disk_.fail_at(disk_.operations(), Fault::kIoError, true);
  (*store)->close();
  EXPECT_TRUE((*store)->failed());
  EXPECT_EQ(failures_reported_, 1);
}

TEST_F(CrashTest, AFailingOperationStopsTheStoreAndLosesNothingAcknowledged) {
  const std::int64_t operations = operations_of_a_whole_run();
  std::mt19937_64 random(20'260'102);
  int failures = 0;
  for (const Fault fault : {Fault::kIoError, Fault::kDiskFull, Fault::kSyncError}) {
    for (const bool for_ever : {false, true}) {
      for (std::int64_t at = 0; at < operations; ++at) {
        disk_.fail_at(at, fault, for_ever);
        const Acknowledged told = run_script();
        failures += told.failures_reported;
        disk_.restart(random);
        expect_whole(told);
        if (HasFatalFailure()) {
          FAIL() << "fault " << static_cast<int>(fault) << " at " << at << ", " << for_ever;
        }
        forget_everything();
      }
    }
  }
  EXPECT_GT(failures, operations) << "the faults were met";
}

// After a failed sync the pages count as written although they are not: only what the next process
// wrote itself, or what it wrote anew, can be relied on.
TEST_F(CrashTest, AProcessThatStartsAfterAFailedSyncKeepsWhatItReadAndWhatItAcknowledges) {
  const std::int64_t operations = operations_of_a_whole_run();
  std::mt19937_64 random(20'260'104);
  for (const bool for_ever : {false, true}) {
    for (std::int64_t at = 0; at < operations; ++at) {
      disk_.fail_at(at, Fault::kSyncError, for_ever);
      Acknowledged told = run_script();
      disk_.take_back_faults();
      if (told.initialised) {
        const auto store = open();
        ASSERT_TRUE(store) << store.error().message;
        const int steps = steps_of(**store);
        ASSERT_GE(steps, told.steps);
        told.steps = steps;  // somebody may have seen it
        if (steps < kSteps) {
          ASSERT_TRUE(run_step(**store, steps + 1));
          told.steps = steps + 1;
        }
        disk_.cut_power_at(disk_.operations());
      }
      disk_.restart(random);
      expect_whole(told);
      if (HasFatalFailure()) FAIL() << "at " << at << ", " << for_ever;
      forget_everything();
    }
  }
}

// A real process, a real file, and a signal that nobody can catch.
constexpr int kKillRounds = 20;

[[noreturn]] void write_until_killed(const std::filesystem::path& directory, int pipe) {
  Metrics metrics;
  EmbeddedOptions options;
  options.snapshot_bytes_min = 20'000;
  options.wal_bytes_max = 200'000;
  auto store = EmbeddedStore::open(directory, std::move(options), metrics);
  if (!store) std::_Exit(2);
  if (!(*store)->initialised()) {
    std::vector<std::shared_ptr<User>> users;
    for (int user = 0; user < kUsers; ++user) users.push_back(dt::make_user(500 + user));
    if (!try_create(**store, actor_at(0), users) || !(*store)->mark_initialised()) std::_Exit(3);
  }
  for (int step = steps_of(**store) + 1;; ++step) {
    if (!run_step(**store, step)) std::_Exit(4);
    if (::write(pipe, &step, sizeof step) != sizeof step) std::_Exit(5);
  }
}

TEST(CrashProcessTest, WhatWasAcknowledgedBeforeAKillIsThereAfterIt) {
  const TemporaryDirectory directory;
  std::mt19937_64 random(20'260'103);
  int acknowledged = 0;
  for (int round = 0; round < kKillRounds; ++round) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_until_killed(directory.path(), pipe[1]);
    ::close(pipe[1]);
    // Some acknowledgements, then the end in the middle of whatever comes next.
    const int until = acknowledged + 1 + static_cast<int>(random() % 40);
    while (acknowledged < until) {
      ASSERT_EQ(::read(pipe[0], &acknowledged, sizeof acknowledged), sizeof acknowledged);
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    while (::read(pipe[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
    }
    ::close(pipe[0]);

    Metrics metrics;
    const auto store = EmbeddedStore::open(directory.path(), {}, metrics);
    ASSERT_TRUE(store) << store.error().message;
    const int steps = steps_of(**store);
    ASSERT_GE(steps, acknowledged);
    ASSERT_LE(steps, acknowledged + 1);
    expect_state(**store, steps);
  }
}

}  // namespace
}  // namespace muster::store
