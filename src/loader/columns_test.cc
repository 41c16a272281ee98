#include "loader/columns.h"

#include <gmock/gmock.h>

#include "loader/testing.h"

namespace muster::loader {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const HeaderRules kRules{.known_fields = {"id", "user_name__v", "user_title__v", "company__v"}};

struct Header {
  Columns columns;
  std::vector<std::string> problems;
};

Header header_of(std::string_view text, const HeaderRules& rules = kRules) {
  RecordReader reader(source_of(text), nullptr);
  ProblemList problems;
  Columns columns = read_header(*reader.next(), rules, problems);
  return {std::move(columns), texts_of(problems)};
}

// The own row of the one record below that header.
std::string own_row_of(std::string_view text) {
  RecordReader reader(source_of(text), nullptr);
  ProblemList problems;
  const Columns columns = read_header(*reader.next(), kRules, problems);
  return std::string(own_row(*reader.next(), columns).text);
}

TEST(Columns, NamesAreTrimmedAndTakenInAnyCase) {
  const Header header = header_of(" ID ,\"User_Title__V\",vault_membership\n");
  EXPECT_THAT(header.problems, IsEmpty());
  EXPECT_EQ(header.columns.header, " ID ,\"User_Title__V\",vault_membership");
  EXPECT_EQ(header.columns.own, 3U);
}

TEST(Columns, EveryWrongNameIsTold) {
  EXPECT_THAT(header_of("user_titel__v,company__v,company__v,nickname\n").problems,
              ElementsAre("1:1: no field is named [user_titel__v]",
                          "1:26: the column [company__v] comes twice",
                          "1:37: no field is named [nickname]", "1:1: the column [id] is missing"));
}

TEST(Columns, EachOperationNeedsItsKey) {
  HeaderRules rules = kRules;
  rules.operation = Operation::kCreate;
  EXPECT_THAT(header_of("user_name__v\n", rules).problems, IsEmpty());
  EXPECT_THAT(header_of("user_name__v,id\n", rules).problems,
              ElementsAre("1:14: a user to be created has no [id]; --operation upsert takes one"));
  rules.operation = Operation::kUpsert;
  rules.id_param = "user_name__v";
  EXPECT_THAT(header_of("id\n", rules).problems,
              ElementsAre("1:1: the column [user_name__v] is missing"));
}

TEST(Columns, UntitledColumnsAreRemembered) {
  EXPECT_THAT(header_of("id,,company__v,\n").columns.untitled, ElementsAre(1, 3));
}

TEST(Columns, ErrorColumnsAreNotSent) {
  const Header header = header_of("id,company__v,muster_error_type,muster_error_message\n");
  EXPECT_THAT(header.problems, IsEmpty());
  EXPECT_EQ(header.columns.header, "id,company__v");
  EXPECT_EQ(own_row_of("id,company__v,muster_error_type,muster_error_message\n"
                       "1,\"a,b\",INVALID_DATA,\"x, y\"\n"),
            "1,\"a,b\"");
  EXPECT_THAT(header_of("id,muster_error_type,company__v\n").problems,
              ElementsAre("1:22: the columns muster_... must be the last ones"));
}

TEST(Columns, ARowKeepsTheNumberOfItsCells) {
  const std::string header =
      "id,user_title__v,company__v,muster_error_type,muster_error_message,muster_cells\n";
  EXPECT_EQ(own_row_of(header + "1,x,,T,m,2\n"), "1,x");        // was shorter than the header
  EXPECT_EQ(own_row_of(header + "1,x,,T,m,\n"), "1,x,");        // was not
  EXPECT_EQ(own_row_of(header + "1,x,y,T,m,2\n"), "1,x,y");     // was filled in since
  EXPECT_EQ(own_row_of(header + "1,x,y,z,T,m,\n"), "1,x,y,z");  // longer than the header
  EXPECT_EQ(own_row_of(header + "1,x\n"), "1,x");
  EXPECT_EQ(own_row_of(header + "1,x,y\n"), "1,x,y");
}

TEST(Columns, ARowIsNeverAnEmptyLine) {
  EXPECT_EQ(own_row_of("id,muster_error_type,muster_error_message\n,T,m\n"), "\"\"");
}

}  // namespace
}  // namespace muster::loader
