// `muster verify`, `backup` and `restore` on files that are whole and on files that are not.
#include "store/embedded/verify.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "base/hex.h"
#include "store/embedded/backup.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/schema.h"
#include "store/embedded/temporary_directory.h"
#include "store/store_testing.h"

namespace muster::store {
namespace {

// Whole files, so that the tests read as sentences.
using namespace directory;       // NOLINT(google-build-using-namespace)
using namespace store::testing;  // NOLINT(google-build-using-namespace)
using ::testing::HasSubstr;

constexpr UserId kAnn{25001};

class VerifyTest : public ::testing::Test {
 protected:
  VerifyTest() {
    open();
    seed_domain(*store_);
    create(*store_, {dt::make_user(25001), dt::make_user(25002)});
    edit(*store_, kAnn, 1, [](User& user) { user.set_text(FieldId::kTitle, "Head of QA"); });
    expect_done(store_->write(actor_at(2), [](Transaction& tx) -> Result<void> {
      expect_done(tx.put_credential(kAnn, {.password_hash = "argon2id-hash"}));
      return tx.append_login({.timestamp = actor_at(2).at,
                              .user_id = kAnn,
                              .user_name = "ann@example.com",
                              .type = "User Login",
                              .status = "Success"});
    }));
    edit(*store_, kAnn, 3, [](User& user) { user.set_text(FieldId::kTitle, "Director"); });
    expect_done(store_->mark_initialised());
  }

  void open() {
    auto opened = EmbeddedStore::open(path(), {}, metrics_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  void close() {
    store_->close();
    store_.reset();
  }
  [[nodiscard]] std::filesystem::path path() const { return directory_.path() / "data"; }
  [[nodiscard]] std::filesystem::path file() const { return path() / "muster.db"; }
  void sql(const std::string& text) {
    auto database = Database::open(file().string(), "");
    ASSERT_TRUE(database);
    expect_done(database->execute(text));
  }
  [[nodiscard]] std::string complaint() const {
    const auto report = verify(file());
    return report ? "" : report.error().message;
  }

  TemporaryDirectory directory_;
  Metrics metrics_;
  std::unique_ptr<EmbeddedStore> store_;
};

TEST_F(VerifyTest, AWholeFileIsCountedAndHasAHead) {
  const auto report = verify(file());  // while the store is open
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->users, 2);
  EXPECT_EQ(report->journal_rows, 5U);
  EXPECT_EQ(report->domain_rows, 4);
  EXPECT_EQ(report->login_rows, 1);
  close();
  const auto closed = verify(file());  // the snapshot now holds the users
  ASSERT_TRUE(closed) << closed.error().message;
  EXPECT_EQ(closed->head, report->head);
  open();
  edit(*store_, kAnn, 4, [](User& user) { user.set_text(FieldId::kTitle, "Clerk"); });
  const auto more = verify(file());
  ASSERT_TRUE(more) << more.error().message;
  EXPECT_NE(more->head, report->head);
}

TEST_F(VerifyTest, WhatWasChangedIsNamed) {
  close();
  struct Tampering {
    const char* sql;
    const char* message;
  };
  const Tampering tamperings[] = {
      {"UPDATE journal SET record = replace(record, 'Head', 'Dead') WHERE seq = 3",
       "journal row 3: the audit chain is broken here"},
      {"UPDATE journal SET at = at + 1 WHERE seq = 4", "journal row 4: the audit chain"},
      {"UPDATE journal SET chain = replace(chain, substr(chain, 1, 4), 'beef') WHERE seq = 2",
       "journal row 2: the audit chain"},
      {"UPDATE journal SET secret = replace(secret, 'argon', 'aargh') WHERE seq = 4",
       "journal row 4: the audit chain"},
      {"UPDATE login SET user_name = 'bob@example.com'", "journal row 4: the audit chain"},
      {"DELETE FROM login", "journal row 4: the audit chain"},
      {"INSERT INTO login SELECT 99, at, user_id, user_name, full_name, source_ip, type, status, "
       "browser, platform, 77 FROM login",
       "rows of no transaction"},
      {"DELETE FROM journal WHERE seq = 3", "journal row 3: missing"},
      {"UPDATE journal SET checksum = checksum + 1 WHERE seq = 2", "journal row 2: wrong checksum"},
  };
  const auto whole = directory_.path() / "whole.db";
  std::filesystem::copy_file(file(), whole);
  for (const Tampering& tampering : tamperings) {
    sql(tampering.sql);
    EXPECT_THAT(complaint(), HasSubstr(tampering.message)) << tampering.sql;
    std::filesystem::copy_file(whole, file(), std::filesystem::copy_options::overwrite_existing);
  }
  EXPECT_EQ(complaint(), "");
}

TEST_F(VerifyTest, ATrailWrittenAnewIsNotTheOneThatWasNoted) {
  const auto report = verify(file());
  ASSERT_TRUE(report);
  const std::string hash = hex_lower(report->head);
  edit(*store_, kAnn, 4, [](User& user) { user.set_text(FieldId::kTitle, "Clerk"); });
  EXPECT_TRUE(verify(file(), "5:" + hash));
  const auto message = [&](const std::string& noted) {
    return verify(file(), noted).error().message;
  };
  EXPECT_THAT(message("4:" + hash), HasSubstr("journal row 4: the audit chain is not the one"));
  EXPECT_THAT(message("9:" + hash), HasSubstr("the journal ends at row 6"));
  for (const std::string& noted :
       std::vector<std::string>{"5", "5:beef", "x:" + hash, ":" + hash}) {
    EXPECT_THAT(message(noted), HasSubstr("a row and a hash")) << noted;
  }
}

// Whoever can write the file can make its checksums right, but not the journal say so.
TEST_F(VerifyTest, AUserThatIsNotAsTheJournalSaysIsNamed) {
  close();
  sql("DELETE FROM user_snapshot WHERE id = 25002");
  EXPECT_THAT(complaint(), HasSubstr("rows are missing"));
}

TEST_F(VerifyTest, AFileThatIsNoneOrBrokenIsRefused) {
  close();
  EXPECT_FALSE(verify(directory_.path() / "nothing.db"));
  {
    std::fstream bytes(file(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(2 * kPageBytes);  // the head of a page
    bytes << std::string(32, 'x');
  }
  EXPECT_NE(complaint(), "");
}

TEST_F(VerifyTest, ABackupMadeWhileWritesGoOnIsWholeAndRestores) {
  const auto copy = directory_.path() / "copy.db";
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int minute = 10; !stop; ++minute) {
      edit(*store_, kAnn, minute,
           [&](User& user) { user.set_text(FieldId::kTitle, "Title " + std::to_string(minute)); });
    }
  });
  const auto made = backup(path(), copy);
  stop = true;
  writer.join();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(backup(path(), copy).error().message, HasSubstr("exists already"));
  close();

  const auto report = verify(copy);
  ASSERT_TRUE(report) << report.error().message;
  const auto elsewhere = directory_.path() / "restored";
  const auto restored = restore(copy, elsewhere);
  ASSERT_TRUE(restored) << restored.error().message;
  const auto again = verify(elsewhere / "muster.db");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(hex_lower(again->head), hex_lower(report->head));
  EXPECT_THAT(restore(copy, elsewhere).error().message, HasSubstr("has data already"));
  auto opened = EmbeddedStore::open(elsewhere, {}, metrics_);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(user_count(**opened), 2);
  edit(**opened, kAnn, 4000, [](User& user) { user.set_text(FieldId::kTitle, "After"); });
  (*opened)->close();
  EXPECT_TRUE(verify(elsewhere / "muster.db"));
}

TEST_F(VerifyTest, ADamagedCopyIsNotRestored) {
  const auto copy = directory_.path() / "copy.db";
  expect_done(backup(path(), copy));
  {
    auto database = Database::open(copy.string(), "");
    ASSERT_TRUE(database);
    expect_done(database->execute("UPDATE journal SET at = at + 1 WHERE seq = 2"));
  }
  const auto elsewhere = directory_.path() / "restored";
  EXPECT_THAT(restore(copy, elsewhere).error().message, HasSubstr("journal row 2"));
  EXPECT_FALSE(std::filesystem::exists(elsewhere / "muster.db"));
  EXPECT_THAT(backup(elsewhere, directory_.path() / "x.db").error().message,
              HasSubstr("no directory here"));
}

}  // namespace
}  // namespace muster::store
