#include "loader/check_file.h"

#include <gmock/gmock.h>

#include "loader/testing.h"

namespace muster::loader {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const HeaderRules kRules{.known_fields = {"id", "user_title__v", "company__v"}};

struct Checked {
  CheckedFile file;
  std::vector<std::string> problems;
};

Checked check(std::string_view text, std::size_t step = 1 << 20) {
  ProblemList problems;
  auto file = check_file(source_of(text, step), kRules, problems);
  EXPECT_TRUE(file);
  return {std::move(*file), texts_of(problems)};
}

TEST(CheckFile, CountsRecordsAndBytes) {
  const Checked checked = check("\xEF\xBB\xBFid,company__v\r\n1,\"a\r\nb\"\r\n\r\n2,c\r\n\r\n");
  EXPECT_THAT(checked.problems, IsEmpty());
  EXPECT_EQ(checked.file.records, 2U);
  EXPECT_EQ(checked.file.bytes, 37U);
  EXPECT_TRUE(checked.file.byte_order_mark);
}

TEST(CheckFile, AllProblemsOfAllKindsAreNamed) {
  const Checked checked =
      check("id,nickname,company__v,\n1,a,Caf\xE9,\n2,\"b\"c,,\n3,d,\xC3\xA9\xC0\x80,oops\n4,\"\n");
  EXPECT_THAT(
      checked.problems,
      ElementsAre("1:4: no field is named [nickname]", "2:8: not UTF-8 (byte 0xE9)",
                  "3:6: text after a closing quote", "4:6: not UTF-8 (byte 0xC0)",
                  "4:8: text below a column without a name", "5:3: a quote is never closed"));
}

TEST(CheckFile, AnEmptyFileIsAProblemAHeaderAloneIsNot) {
  EXPECT_THAT(check("").problems, ElementsAre("0:0: the file is empty"));
  EXPECT_THAT(check("\xEF\xBB\xBF\r\n").problems, ElementsAre("0:0: the file is empty"));
  EXPECT_THAT(check("id").problems, IsEmpty());
}

TEST(CheckFile, TheFingerprintTellsFilesApart) {
  EXPECT_EQ(check("id\n1\n").file.fingerprint, check("id\n1\n", 1).file.fingerprint);
  EXPECT_NE(check("id\n1\n").file.fingerprint, check("id\n2\n").file.fingerprint);
}

TEST(CheckFile, OtherFormatsAreRecognised) {
  EXPECT_THAT(what_instead_of_csv("PK\x03\x04..."), HasSubstr(".xlsx"));
  EXPECT_THAT(what_instead_of_csv("\xFF\xFEi\0d"), HasSubstr("UTF-16"));
  EXPECT_THAT(what_instead_of_csv("id;user_title__v\n1;x\n"), HasSubstr("semicolons"));
  EXPECT_THAT(what_instead_of_csv("id\tuser_title__v\n1\tx\n"), HasSubstr("tabs"));
  EXPECT_THAT(what_instead_of_csv("id,company__v\r1,x\r"), HasSubstr("CR alone"));
  EXPECT_THAT(what_instead_of_csv("id,user_title__v\n1,x;y\n"), IsEmpty());
  EXPECT_THAT(what_instead_of_csv("id\r\n"), IsEmpty());
  EXPECT_THAT(what_instead_of_csv("id"), IsEmpty());
}

}  // namespace
}  // namespace muster::loader
