#include "codec/vql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace muster::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

VqlQuery parsed(std::string_view text) {
  auto query = parse_vql(text);
  EXPECT_TRUE(query.has_value()) << (query ? "" : query.error().message);
  return query.value_or(VqlQuery());
}

std::string error_of(std::string_view text) {
  const auto query = parse_vql(text);
  EXPECT_FALSE(query.has_value()) << text;
  if (query) return {};
  EXPECT_EQ(query.error().type, ErrorType::kIncorrectQuerySyntaxError);
  return query.error().message;
}

TEST(Vql, EveryClauseInAnyCase) {
  const VqlQuery query = parsed(
      "select id, User_Name__v From users Where active__v = TRUE oRdEr bY id dEsc, x asc "
      "pagesize 5 PageOffset 6 MAXROWS 7 skip 8");
  EXPECT_THAT(query.fields,
              ElementsAre(Field(&VqlWord::text, "id"), Field(&VqlWord::text, "User_Name__v")));
  EXPECT_EQ(query.target.text, "users");
  ASSERT_TRUE(query.where);
  EXPECT_EQ(query.where->field.text, "active__v");
  ASSERT_EQ(query.order.size(), 2U);
  EXPECT_TRUE(query.order[0].descending);
  EXPECT_FALSE(query.order[1].descending);
  EXPECT_EQ(query.page_size, 5);
  EXPECT_EQ(query.page_offset, 6);
  EXPECT_EQ(query.max_rows, 7);
  EXPECT_EQ(query.skip, 8);
}

TEST(Vql, LimitAndOffsetAreOlderNamesOfThePage) {
  const VqlQuery query = parsed("SELECT id FROM users OFFSET 20 LIMIT 10");
  EXPECT_EQ(query.page_size, 10);
  EXPECT_EQ(query.page_offset, 20);
}

TEST(Vql, AndBindsTighterThanOr) {
  const auto where = parsed("SELECT a FROM t WHERE a = 1 OR b = 2 AND c = 3").where;
  ASSERT_EQ(where->kind, VqlCondition::Kind::kOr);
  ASSERT_EQ(where->parts.size(), 2U);
  EXPECT_EQ(where->parts[0].field.text, "a");
  EXPECT_EQ(where->parts[1].kind, VqlCondition::Kind::kAnd);
}

TEST(Vql, ParenthesesComeFirst) {
  const auto where = parsed("SELECT a FROM t WHERE (a = 1 OR b = 2) AND c = 3").where;
  ASSERT_EQ(where->kind, VqlCondition::Kind::kAnd);
  EXPECT_EQ(where->parts[0].kind, VqlCondition::Kind::kOr);
}

TEST(Vql, EveryOperator) {
  const std::pair<std::string_view, VqlOperator> cases[] = {
      {"= 1", VqlOperator::kEqual},
      {"!= 1", VqlOperator::kNotEqual},
      {"< 1", VqlOperator::kLess},
      {"<=1", VqlOperator::kLessOrEqual},
      {">1", VqlOperator::kGreater},
      {">= 1", VqlOperator::kGreaterOrEqual},
      {"like 'x%'", VqlOperator::kLike},
      {"contains (1, 2)", VqlOperator::kContains},
      {"between 1 and 2", VqlOperator::kBetween},
  };
  for (const auto& [text, comparison] : cases) {
    const auto where = parsed("SELECT a FROM t WHERE a " + std::string(text)).where;
    ASSERT_TRUE(where) << text;
    EXPECT_EQ(where->comparison, comparison) << text;
  }
}

TEST(Vql, LiteralsKeepKindAndText) {
  const auto where =
      parsed("SELECT a FROM t WHERE a CONTAINS ('it\\'s \\\\ \\n', -12.5, true, null, '')").where;
  ASSERT_EQ(where->values.size(), 5U);
  EXPECT_EQ(where->values[0].text, "it's \\ \\n");
  EXPECT_EQ(where->values[1].kind, VqlLiteralKind::kNumber);
  EXPECT_EQ(where->values[1].text, "-12.5");
  EXPECT_EQ(where->values[2].kind, VqlLiteralKind::kBoolean);
  EXPECT_EQ(where->values[3].kind, VqlLiteralKind::kNull);
  EXPECT_EQ(where->values[4].kind, VqlLiteralKind::kString);
}

TEST(Vql, PlacesCountCharactersNotBytes) {
  EXPECT_THAT(error_of("SELECT id FROM users WHERE a = '\xC3\xA4\xC3\xA4' )"),
              HasSubstr("[)] (character 37)"));
  EXPECT_THAT(error_of("SELECT \xE2\x82\xAC"), HasSubstr("[\xE2\x82\xAC] (character 8)"));
}

TEST(Vql, ErrorsNameWhatWasExpected) {
  EXPECT_THAT(error_of(""), HasSubstr("Expected SELECT at the end"));
  EXPECT_THAT(error_of("SELECT id FROM users WHERE id ~ 4"), HasSubstr("Expected a comparison"));
  EXPECT_THAT(error_of("SELECT id FROM users WHERE id = 'x"), HasSubstr("not closed"));
  EXPECT_THAT(error_of("SELECT id FROM users LIMIT 5 PAGESIZE 6"), HasSubstr("Repeated"));
  EXPECT_THAT(error_of("SELECT id FROM users PAGESIZE -5"), HasSubstr("a number"));
  EXPECT_THAT(error_of("SELECT id FROM users PAGESIZE 99999999999999999999"),
              HasSubstr("a number"));
  EXPECT_THAT(error_of("SELECT count(id) FROM users"), HasSubstr("instead of [(]"));
}

TEST(Vql, NestingConditionsAndValuesHaveLimits) {
  const auto nested = [](std::size_t depth) {
    return "SELECT a FROM t WHERE " + std::string(depth, '(') + "a = 1" + std::string(depth, ')');
  };
  EXPECT_TRUE(parse_vql(nested(limits::kVqlNestingMax)));
  EXPECT_THAT(error_of(nested(limits::kVqlNestingMax + 1)), HasSubstr("nested parentheses"));

  std::string conditions = "SELECT a FROM t WHERE a = 1";
  for (std::size_t i = 1; i < limits::kVqlConditionsMax; ++i) conditions += " AND a = 1";
  EXPECT_TRUE(parse_vql(conditions));
  EXPECT_THAT(error_of(conditions + " OR a = 1"), HasSubstr("conditions"));

  std::string values = "SELECT a FROM t WHERE a CONTAINS (1";
  for (std::size_t i = 1; i < limits::kVqlValuesMax; ++i) values += ",1";
  EXPECT_TRUE(parse_vql(values + ")"));
  EXPECT_THAT(error_of(values + ",1)"), HasSubstr("values"));
  EXPECT_THAT(error_of("SELECT a FROM t" + std::string(limits::kVqlCharactersMax, ' ')),
              HasSubstr("longer than"));
}

// Whatever is cut off or mangled: an error or a tree, never more.
TEST(Vql, EveryPrefixIsParsedOrRefused) {
  const std::string whole =
      "SELECT id, name__v FROM user__sys WHERE (a = 'it\\'s' OR b CONTAINS (1,2)) AND c BETWEEN "
      "'x' AND 'y' ORDER BY id DESC PAGESIZE 5";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const auto query = parse_vql(whole.substr(0, size));
    EXPECT_TRUE(query || !query.error().message.empty());
  }
}

}  // namespace
}  // namespace muster::codec
