#include "store/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "store/copy.h"
#include "system/sodium_secrets.h"

namespace muster::store {
namespace {

using directory::LoginAuditRow;

// Logins alone, in memory.
class Logins final : public ArchiveTarget {
 public:
  Result<ArchiveHead> head() override {
    return ArchiveHead{std::make_shared<const directory::Domain>(), directory::UserId{7}};
  }
  Result<ArchivePiece> read(const ArchivePlace& after, std::size_t limit) override {
    std::vector<LoginAuditRow> found;
    if (after.section != ArchiveSection::kLoginAudit) return found;
    const std::int64_t id = after.key.empty() ? 0 : std::stoll(after.key);
    for (auto row = rows.upper_bound(id); row != rows.end() && found.size() < limit; ++row) {
      found.push_back(row->second);
    }
    return found;
  }
  Result<ArchivePlace> begin(const ArchiveHead&, const std::string& content) override {
    begun_with = content;
    return place;
  }
  Result<void> write(const ArchivePiece& piece, const ArchivePlace& up_to) override {
    if (--writes_left < 0) return fail(ErrorType::kUnexpectedError, "interrupted");
    for (const LoginAuditRow& row : std::get<std::vector<LoginAuditRow>>(piece)) {
      EXPECT_TRUE(rows.emplace(row.id, row).second) << row.id << " twice";
    }
    place = up_to;
    return {};
  }
  Result<void> complete() override { return {}; }
  Result<void> mark_initialised() override {
    is_initialised = true;
    return {};
  }

  void fill(std::int64_t count) {
    for (std::int64_t id = 1; id <= count; ++id) {
      rows[id] = {.id = id, .user_name = "user " + std::to_string(id)};
    }
  }

  std::map<std::int64_t, LoginAuditRow> rows;
  ArchivePlace place;
  std::string begun_with;
  int writes_left = 1000;
  bool is_initialised = false;
};

TEST(Copy, GoesOnWhereItWasInterrupted) {
  Logins source;
  source.fill(2500);
  Logins target;
  target.writes_left = 1;
  const system::SodiumHasher hasher;
  EXPECT_FALSE(copy_archive(source, target, hasher));
  EXPECT_EQ(target.rows.size(), 1000);
  EXPECT_FALSE(target.is_initialised);
  target.writes_left = 2;
  const auto report = copy_archive(source, target, hasher);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->is_whole());
  EXPECT_TRUE(target.is_initialised);
  EXPECT_EQ(report->target.rows.at(std::to_underlying(ArchiveSection::kLoginAudit)), 2500);
}

TEST(Copy, OneOfAnotherContentIsNotMarked) {
  Logins source;
  source.fill(3);
  Logins target;
  target.fill(3);
  target.rows[2].status = "changed on the way";
  target.place = {.section = ArchiveSection::kLoginAudit, .key = "3"};
  const auto report = copy_archive(source, target, system::SodiumHasher());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->source.rows, report->target.rows);
  EXPECT_FALSE(report->is_whole());
  EXPECT_FALSE(target.is_initialised);
}

TEST(Archive, WhatPostgresqlCannotKeepIsTheSameContent) {
  std::string kept;
  std::string given;
  const directory::Domain domain;
  append_canonical(given, std::vector<LoginAuditRow>{{.user_name = std::string("a\0b\xFF", 4)}},
                   domain);
  append_canonical(kept,
                   std::vector<LoginAuditRow>{{.user_name = "a\xEF\xBF\xBD"
                                                            "b\xEF\xBF\xBD"}},
                   domain);
  EXPECT_EQ(given, kept);
}

TEST(Archive, AMarkIsReadBack) {
  const CopyMark mark{.content = "ab12",
                      .place = {.section = ArchiveSection::kBatches, .key = "a key with blanks"}};
  const auto read = parse_mark(mark_text(mark));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->content, "ab12");
  EXPECT_EQ(read->place, mark.place);
  for (const char* text :
       {"", "copy of ", "copy of ab12", "copy of ab12 9 x", "copy of ab12 x 1"}) {
    EXPECT_FALSE(parse_mark(text)) << text;
  }
}

}  // namespace
}  // namespace muster::store
