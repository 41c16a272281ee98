#include "loader/batch.h"

#include <gmock/gmock.h>

#include "loader/testing.h"

namespace muster::loader {
namespace {

using ::testing::ElementsAre;

const Columns kColumns{
    .header = "id,company__v", .own = 2, .appended = 0, .cells_column = false, .untitled = {}};

std::vector<std::string> bodies_of(std::string_view text, std::size_t records_max,
                                   const Columns& columns = kColumns) {
  BatchCutter cutter(source_of(text), columns, records_max);
  std::vector<std::string> bodies;
  while (const auto batch = cutter.next()) bodies.push_back(batch->body());
  return bodies;
}

TEST(Batch, TheFileIsCutInOrder) {
  EXPECT_THAT(bodies_of("\xEF\xBB\xBFid,company__v\r\n1,a\r\n\r\n2,\"b\r\nc\"\r\n3,d", 2),
              ElementsAre("id,company__v\n1,a\r\n2,\"b\r\nc\"\r\n", "id,company__v\n3,d\n"));
}

TEST(Batch, AHeaderAloneGivesNone) { EXPECT_TRUE(bodies_of("id,company__v\n", 500).empty()); }

TEST(Batch, AFullLastBatchIsFollowedByNone) {
  EXPECT_EQ(bodies_of("id,company__v\n1,a\n2,b\n", 2).size(), 1U);
}

TEST(Batch, NumbersAndRowIdsGoOn) {
  BatchCutter cutter(source_of("id,company__v\n1,a\n2,b\n3,c\n"), kColumns, 2);
  const auto first = cutter.next();
  const auto second = cutter.next();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->number(), 0U);
  EXPECT_EQ(first->first_row(), 1U);
  EXPECT_EQ(second->number(), 1U);
  EXPECT_EQ(second->first_row(), 3U);
}

TEST(Batch, LongRowsEndABatchEarly) {
  std::string text = "id,company__v\n";
  for (int i = 0; i < 5; ++i) text += "1," + std::string(400'000, 'x') + "\n";
  const auto bodies = bodies_of(text, 500);
  ASSERT_EQ(bodies.size(), 3U);
  EXPECT_LE(bodies[0].size(), limits::kBatchBytesMax + 100);
}

TEST(Batch, SomeOfItsRowsAreABatchToo) {
  BatchCutter cutter(source_of("id,company__v\n1,a\n2,b\r\n3,c\n"), kColumns, 500);
  const auto batch = cutter.next();
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->only({1, 2}).body(), "id,company__v\n2,b\r\n3,c\n");
  EXPECT_EQ(batch->only({1}).row(0), "2,b");
}

TEST(Batch, ErrorColumnsAreLeftOut) {
  Columns columns = kColumns;
  columns.appended = 2;
  EXPECT_THAT(
      bodies_of("id,company__v,muster_error_type,muster_error_message\n1,a,T,m\n", 500, columns),
      ElementsAre("id,company__v\n1,a\n"));
}

}  // namespace
}  // namespace muster::loader
