#include "loader/difference_text.h"

#include <gtest/gtest.h>

namespace muster::loader {
namespace {

TEST(DifferenceText, ChangesAndFailuresAreShownTheRestIsNot) {
  Batch batch(1, 501, "id,user_title__v");
  const std::vector<RecordAnswer> records{
      {.succeeded = true,
       .id = "25003",
       .errors = {},
       .changes = {{"user_title__v", "\"Analyst\"", "\"Director\""}, {"fax__v", "null", "\"1\""}}},
      {.succeeded = true, .id = "25004", .errors = {}, .changes = {}},
      {.succeeded = false, .id = "", .errors = {{"PARAMETER_REQUIRED", "No id."}}, .changes = {}}};
  EXPECT_EQ(difference_text(batch, records),
            "row 501, id 25003\n"
            "  user_title__v: \"Analyst\" -> \"Director\"\n"
            "  fax__v: (empty) -> \"1\"\n"
            "row 503: would fail\n"
            "  PARAMETER_REQUIRED: No id.\n");
}

}  // namespace
}  // namespace muster::loader
