// The syntax of a VQL query (protocol section 5.5): what it says, not yet what it means.
//
//   auto query = parse_vql("SELECT id FROM users WHERE user_title__v LIKE 'Cl%' PAGESIZE 50");
//   query->fields[0].text == "id"; query->where->field.text == "user_title__v"
//
// Keywords in any ASCII case, strings in single quotes with \' and \\ inside. Names are kept as
// written. Pure function, safe from any thread; the tree owns its texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"

namespace muster::codec {

struct VqlWord {
  std::string text;
  std::size_t place = 0;  // of its first character in the query, from 1 on
};

enum class VqlLiteralKind : std::uint8_t { kString, kNumber, kBoolean, kNull };

struct VqlLiteral {
  VqlLiteralKind kind = VqlLiteralKind::kNull;
  std::string text;  // without quotes and escapes
  std::size_t place = 0;
};

enum class VqlOperator : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kLike,      // one string
  kContains,  // any number of values, at least one
  kBetween,   // two values
};

// A comparison, or conditions joined by one word.
struct VqlCondition {
  enum class Kind : std::uint8_t { kComparison, kAnd, kOr };

  Kind kind = Kind::kComparison;
  VqlWord field;
  VqlOperator comparison = VqlOperator::kEqual;
  std::vector<VqlLiteral> values;
  std::vector<VqlCondition> parts;  // of kAnd and kOr: two or more
};

struct VqlSortKey {
  VqlWord field;
  bool descending = false;
};

struct VqlQuery {
  std::vector<VqlWord> fields;  // not empty
  VqlWord target;
  std::optional<VqlCondition> where;
  std::vector<VqlSortKey> order;
  std::optional<std::int64_t> page_size;    // PAGESIZE or its older name LIMIT
  std::optional<std::int64_t> page_offset;  // PAGEOFFSET or its older name OFFSET
  std::optional<std::int64_t> max_rows;
  std::optional<std::int64_t> skip;
};

// kIncorrectQuerySyntaxError, naming the character: broken or unsupported syntax (functions,
// subqueries, relations), more than kVqlCharactersMax characters, kVqlNestingMax parentheses,
// kVqlConditionsMax comparisons, kVqlValuesMax values, kColumnsMax fields or kVqlSortKeysMax keys.
[[nodiscard]] Result<VqlQuery> parse_vql(std::string_view text);

// "{message} (character {place})".
[[nodiscard]] std::unexpected<Error> fail_at(ErrorType type, std::string message,
                                             std::size_t place);

}  // namespace muster::codec
