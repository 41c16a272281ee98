#include "loader/result_rows.h"

#include <gtest/gtest.h>

#include "loader/testing.h"

namespace muster::loader {
namespace {

const Columns kColumns{.header = "id,user_title__v,company__v",
                       .own = 3,
                       .appended = 0,
                       .cells_column = false,
                       .untitled = {}};

RecordAnswer success(std::string id) {
  return {.succeeded = true, .id = std::move(id), .errors = {}, .changes = {}};
}
RecordAnswer failure(std::string id, std::vector<ApiError> errors) {
  return {.succeeded = false, .id = std::move(id), .errors = std::move(errors), .changes = {}};
}

Batch batch_of(std::string_view rows) {
  const std::string text = kColumns.header + "\n" + std::string(rows);
  BatchCutter cutter(source_of(text), kColumns, 500);
  return *cutter.next();
}

TEST(ResultRows, EveryRecordHasALineInTheApisForm) {
  const Batch batch = batch_of("25001,a\n25003,b\n,c\n");
  EXPECT_EQ(results_header() +
                results_rows(batch, {success("25001"),
                                     failure("25003", {{"INVALID_DATA", "Invalid value [maybe]."},
                                                       {"X", "a \"b\"\nc"}}),
                                     failure("", {{"PARAMETER_REQUIRED", "No id"}})}),
            "responseStatus,id,errors,rowId\n"
            "SUCCESS,25001,,1\n"
            "FAILURE,25003,\"\"\"INVALID_DATA|Invalid value [maybe].\"\",\"\"X|a \"\"\"\"b\"\"\"\" "
            "c\"\"\",2\n"
            "FAILURE,,\"\"\"PARAMETER_REQUIRED|No id\"\"\",3\n");
}

TEST(ResultRows, FailedRowsAreTheInputsOwnBytes) {
  const Batch batch = batch_of("1,a,b\n2,\"x, \"\"y\"\"\",C:\\\\d\r\n3,c\n4,d,e,f\n");
  const std::vector<RecordAnswer> records{success("1"), failure("2", {{"T", "m, n"}, {"U", "o"}}),
                                          failure("3", {{"T", "m"}}), failure("4", {{"T", "m"}})};
  EXPECT_EQ(failed_header(kColumns, false) + failed_rows(batch, records, 3),
            "id,user_title__v,company__v,muster_error_type,muster_error_message,muster_cells\n"
            "2,\"x, \"\"y\"\"\",C:\\\\d,T; U,\"m, n; o\",\n"
            "3,c,,T,m,2\n"
            "4,d,e,f,T,m,\n");
}

TEST(ResultRows, AFailedFileIsReadAsTheRowsItCameFrom) {
  const std::string rows = "1,\"a,b\",c\n2,x\n3\n4,d,e,f\n5,,\n";
  const Batch batch = batch_of(rows);
  const std::vector<RecordAnswer> records(5, failure("", {{"T", "m"}}));
  const std::string failed = failed_header(kColumns, true) + failed_rows(batch, records, 3);
  RecordReader reader(source_of(failed), nullptr);
  ProblemList problems;
  const HeaderRules rules{.known_fields = {"id", "user_title__v", "company__v"}};
  const Columns columns = read_header(*reader.next(), rules, problems);
  EXPECT_TRUE(problems.empty());
  BatchCutter cutter(source_of(failed), columns, 500);
  EXPECT_EQ(cutter.next()->body(), kColumns.header + "\n" + rows);
}

}  // namespace
}  // namespace muster::loader
