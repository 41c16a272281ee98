#include "loader/api_answer.h"

#include <gmock/gmock.h>

namespace muster::loader {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ApiAnswer, RecordsKeepTheirOrderAndErrors) {
  const auto answer = parse_batch_answer(
      R"({"responseStatus":"SUCCESS","data":[{"responseStatus":"SUCCESS","id":"25001"},
          {"responseStatus":"FAILURE","id":25999,"errors":[{"type":"INVALID_DATA","message":"x"}]},
          {"responseStatus":"FAILURE","errors":[{"type":"A","message":"b"},{"type":"C"}]}]})");
  ASSERT_TRUE(answer && answer->records);
  EXPECT_EQ(answer->status, "SUCCESS");
  EXPECT_FALSE(answer->dry_run);
  ASSERT_EQ(answer->records->size(), 3U);
  EXPECT_TRUE((*answer->records)[0].succeeded);
  EXPECT_EQ((*answer->records)[1].id, "25999");
  EXPECT_THAT((*answer->records)[1].errors, ElementsAre(ApiError{"INVALID_DATA", "x"}));
  EXPECT_THAT((*answer->records)[2].errors, ElementsAre(ApiError{"A", "b"}, ApiError{"C", ""}));
}

TEST(ApiAnswer, ADryRunTellsWhatWouldChange) {
  const auto answer = parse_batch_answer(
      R"({"responseStatus":"SUCCESS","dryRun":true,"data":[{"responseStatus":"SUCCESS","id":"1",
          "changes":[{"field":"user_title__v","old":"Analyst","new":null}]}]})");
  ASSERT_TRUE(answer && answer->records);
  EXPECT_TRUE(answer->dry_run);
  EXPECT_THAT(answer->records->front().changes,
              ElementsAre(FieldChange{"user_title__v", "\"Analyst\"", "null"}));
}

TEST(ApiAnswer, AFailureAsAWholeHasNoRecords) {
  const auto answer = parse_batch_answer(
      R"({"responseStatus":"FAILURE","errors":[{"type":"INVALID_SESSION_ID","message":"No."}]})");
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->records);
  EXPECT_EQ(whole_failure(*answer), "INVALID_SESSION_ID: No.");
}

TEST(ApiAnswer, WhatIsNoAnswerIsSaid) {
  for (const char* text : {"", "<html>", "[]", "{}", "{\"a\":1}"}) {
    const auto answer = parse_batch_answer(text);
    ASSERT_FALSE(answer) << text;
    EXPECT_THAT(answer.error().message, HasSubstr("not one of a Vault API"));
  }
}

TEST(ApiAnswer, LoginGivesTheSessionOrTheReason) {
  EXPECT_EQ(parse_login(R"({"responseStatus":"SUCCESS","sessionId":"AB"})").value(), "AB");
  EXPECT_THAT(parse_login(R"({"responseStatus":"FAILURE","errors":[{"type":"USER_LOCKED_OUT",
                             "message":"Locked."}]})")
                  .error()
                  .message,
              HasSubstr("USER_LOCKED_OUT: Locked."));
}

TEST(ApiAnswer, FieldNamesAndUnchanged) {
  EXPECT_THAT(parse_field_names(R"({"properties":[{"name":"id"},{"name":"alias__v"}]})").value(),
              ElementsAre("id", "alias__v"));
  EXPECT_FALSE(parse_field_names("{}"));
  EXPECT_EQ(parse_unchanged(R"({"batch":{"unchanged":7}})"), 7U);
  EXPECT_EQ(parse_unchanged(R"({"responseStatus":"FAILURE"})"), std::nullopt);
  constexpr std::string_view kList =
      R"({"batches":[{"reference_id":"a","unchanged":1},{"reference_id":"b","unchanged":2}]})";
  EXPECT_EQ(parse_unchanged_of(kList, "b"), 2U);
  EXPECT_EQ(parse_unchanged_of(kList, "c"), std::nullopt);
}

TEST(ApiAnswer, SomeErrorsMayPass) {
  EXPECT_TRUE(may_pass("RACE_CONDITION"));
  EXPECT_TRUE(may_pass("API_LIMIT_EXCEEDED"));
  EXPECT_FALSE(may_pass("INVALID_DATA"));
  EXPECT_TRUE(has_error_that_may_pass({{"INVALID_DATA", ""}, {"UNEXPECTED_ERROR", ""}}));
}

}  // namespace
}  // namespace muster::loader
