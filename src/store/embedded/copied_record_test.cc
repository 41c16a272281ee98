#include "store/embedded/copied_record.h"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace muster::store {
namespace {

JournalRow row_of(const JournalRecord& record, std::int64_t first) {
  return {.domain_rows = record.domain_rows, .domain_first = first, .record = record.record};
}

// A text of a user cannot pass for the mark of a copy.
TEST(CopiedRecord, OnlyCopiedRowsMayLeaveIdsOfTheTrailOut) {
  directory::DomainAuditRow shown;
  shown.item = ",\"rows\":[";
  shown.changes.push_back({"user_title__v", "", "Clerk"});
  const JournalRecord copied = encode_trail(std::vector{shown});
  JournalRecord own{.record = R"({"by":[1,",\"rows\":[","",""],"users":[]})", .domain_rows = 1};
  for (const auto& [first, own_follows, copied_follows] :
       {std::tuple(8, true, true), std::tuple(9, false, true), std::tuple(7, false, false)}) {
    EXPECT_EQ(follows(row_of(own, first), 8), own_follows) << first;
    EXPECT_EQ(follows(row_of(copied, first), 8), copied_follows) << first;
  }
}

}  // namespace
}  // namespace muster::store
