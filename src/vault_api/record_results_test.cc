#include "vault_api/record_results.h"

#include <gtest/gtest.h>

namespace muster::vault_api {
namespace {

directory::BatchOutcome documented_outcome() {
  return {{{"25001", {}, true},
           {"25002", {}, false},
           {"25999", {{ErrorType::kInvalidData, "User [25999] does not exist."}}, false}}};
}

TEST(RecordResults, JsonAsDocumented) {
  const Answer answer = record_results(documented_outcome(), codec::AnswerFormat::kJson);
  EXPECT_EQ(answer.body,
            R"({"responseStatus":"SUCCESS","data":[{"responseStatus":"SUCCESS","id":"25001"},)"
            R"({"responseStatus":"SUCCESS","id":"25002"},)"
            R"({"responseStatus":"FAILURE","id":"25999","errors":[{"type":"INVALID_DATA",)"
            R"("message":"User [25999] does not exist."}]}]})");
  EXPECT_EQ(answer.status, ResponseStatus::kSuccess);
}

TEST(RecordResults, CsvAsDocumented) {
  const Answer answer = record_results(documented_outcome(), codec::AnswerFormat::kCsv);
  EXPECT_EQ(answer.body,
            "responseStatus,id,errors\n"
            "SUCCESS,25001,\n"
            "SUCCESS,25002,\n"
            "FAILURE,25999,\"\"\"INVALID_DATA|User [25999] does not exist.\"\"\"\n");
  EXPECT_EQ(answer.format, codec::AnswerFormat::kCsv);
}

TEST(RecordResults, NoRecordsAreASuccessToo) {
  EXPECT_EQ(record_results({}, codec::AnswerFormat::kJson).body,
            R"({"responseStatus":"SUCCESS","data":[]})");
  EXPECT_EQ(record_results({}, codec::AnswerFormat::kCsv).body, "responseStatus,id,errors\n");
}

TEST(RecordResults, RecordWithoutIdHasNoneInTheAnswer) {
  const directory::BatchOutcome outcome{
      {{"", {{ErrorType::kParameterRequired, "Missing required parameter [id]"}}, false}}};
  EXPECT_EQ(record_results(outcome, codec::AnswerFormat::kJson).body,
            R"({"responseStatus":"SUCCESS","data":[{"responseStatus":"FAILURE","errors":)"
            R"([{"type":"PARAMETER_REQUIRED","message":"Missing required parameter [id]"}]}]})");
  EXPECT_EQ(record_results(outcome, codec::AnswerFormat::kCsv).body,
            "responseStatus,id,errors\n"
            "FAILURE,,\"\"\"PARAMETER_REQUIRED|Missing required parameter [id]\"\"\"\n");
}

// Several errors, quotes, a backslash and a line end within one cell.
TEST(RecordResults, CsvErrorsStayOneCellOnOneLine) {
  const directory::BatchOutcome outcome{
      {{"25001",
        {{ErrorType::kInvalidData, "Invalid value [\"a\\b\nc\"]."},
         {ErrorType::kParameterRequired, "Second."}},
        false}}};
  EXPECT_EQ(record_results(outcome, codec::AnswerFormat::kCsv).body,
            "responseStatus,id,errors\n"
            "FAILURE,25001,\"\"\"INVALID_DATA|Invalid value [\"\"\"\"a\\\\b c\"\"\"\"].\"\","
            "\"\"PARAMETER_REQUIRED|Second.\"\"\"\n");
}

}  // namespace
}  // namespace muster::vault_api
