#include "codec/vql.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "codec/vql_tokens.h"

namespace muster::codec {
namespace {

using Kind = VqlCondition::Kind;

std::unexpected<Error> syntax_error(std::string message, std::size_t place) {
  return fail_at(ErrorType::kIncorrectQuerySyntaxError, std::move(message), place);
}

// Recursive descent, one function a rule. The recursion is as deep as the parentheses.
class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(text) {}

  Result<VqlQuery> query() {
    if (auto read = expect_keyword("SELECT"); !read) return std::unexpected(read.error());
    if (auto read = fields(); !read) return std::unexpected(read.error());
    if (auto read = expect_keyword("FROM"); !read) return std::unexpected(read.error());
    if (auto read = word("a query target", query_.target); !read)
      return std::unexpected(read.error());
    if (take_keyword("WHERE")) {
      auto where = condition(0);
      if (!where) return std::unexpected(where.error());
      query_.where = std::move(*where);
    }
    if (auto read = order(); !read) return std::unexpected(read.error());
    if (auto read = parts(); !read) return std::unexpected(read.error());
    return std::move(query_);
  }

 private:
  const VqlToken& token() const { return tokens_.current(); }

  bool take_keyword(std::string_view keyword) {
    const bool found = token().is_keyword(keyword);
    if (found) tokens_.next();
    return found;
  }
  bool take_symbol(std::string_view symbol) {
    const bool found = token().is_symbol(symbol);
    if (found) tokens_.next();
    return found;
  }

  std::unexpected<Error> expected(std::string_view what) const {
    const std::string wanted = "Expected " + std::string(what);
    switch (token().kind) {
      case VqlTokenKind::kEnd:
        return fail(ErrorType::kIncorrectQuerySyntaxError, wanted + " at the end of the query.");
      case VqlTokenKind::kOpenString:
        return syntax_error("The string is not closed", token().place);
      default:
        return syntax_error(wanted + " instead of [" + printable_excerpt(token().text) + "]",
                            token().place);
    }
  }

  Result<void> expect_keyword(std::string_view keyword) {
    return take_keyword(keyword) ? Result<void>() : Result<void>(expected(keyword));
  }
  Result<void> expect_symbol(std::string_view symbol) {
    return take_symbol(symbol) ? Result<void>() : Result<void>(expected(symbol));
  }

  Result<void> word(std::string_view what, VqlWord& into) {
    const bool keyword = std::ranges::any_of(
        kReserved, [this](std::string_view reserved) { return token().is_keyword(reserved); });
    if (token().kind != VqlTokenKind::kWord || keyword) return expected(what);
    into = {token().text, token().place};
    tokens_.next();
    return {};
  }

  Result<void> fields() {
    do {
      if (query_.fields.size() == limits::kColumnsMax) return too_many("fields");
      if (auto read = word("a field", query_.fields.emplace_back()); !read) return read;
    } while (take_symbol(","));
    return {};
  }

  std::unexpected<Error> too_many(std::string_view what) const {
    return syntax_error("Too many " + std::string(what), token().place);
  }

  // condition: conjunction {OR conjunction}; conjunction: term {AND term}.
  Result<VqlCondition> condition(std::size_t depth) {
    return joined(Kind::kOr, "OR",
                  [&] { return joined(Kind::kAnd, "AND", [&] { return term(depth); }); });
  }

  template <typename Part>
  Result<VqlCondition> joined(Kind kind, std::string_view keyword, const Part& part) {
    auto first = part();
    if (!first || !token().is_keyword(keyword)) return first;
    VqlCondition whole;
    whole.kind = kind;
    whole.parts.push_back(std::move(*first));
    while (take_keyword(keyword)) {
      auto next = part();
      if (!next) return next;
      whole.parts.push_back(std::move(*next));
    }
    return whole;
  }

  Result<VqlCondition> term(std::size_t depth) {
    if (!token().is_symbol("(")) return comparison();
    if (depth == limits::kVqlNestingMax) return too_many("nested parentheses");
    tokens_.next();
    auto inner = condition(depth + 1);
    if (!inner) return inner;
    if (auto closed = expect_symbol(")"); !closed) return std::unexpected(closed.error());
    return inner;
  }

  Result<VqlCondition> comparison() {
    if (++conditions_ > limits::kVqlConditionsMax) return too_many("conditions");
    VqlCondition made;
    if (auto read = word("a field", made.field); !read) return std::unexpected(read.error());
    const auto found = find_operator();
    if (!found) return std::unexpected(found.error());
    made.comparison = *found;
    tokens_.next();
    if (auto read = operands(made); !read) return std::unexpected(read.error());
    return made;
  }

  Result<VqlOperator> find_operator() const {
    for (const auto& [text, comparison] : kOperators) {
      if (token().is_symbol(text) || token().is_keyword(text)) return comparison;
    }
    return expected("a comparison");
  }

  Result<void> operands(VqlCondition& made) {
    switch (made.comparison) {
      case VqlOperator::kContains:
        return list(made);
      case VqlOperator::kBetween:
        if (auto read = literal(made); !read) return read;
        if (auto read = expect_keyword("AND"); !read) return read;
        return literal(made);
      case VqlOperator::kLike:
        if (token().kind != VqlTokenKind::kString) return expected("a string");
        return literal(made);
      default:
        return literal(made);
    }
  }

  Result<void> list(VqlCondition& made) {
    if (auto read = expect_symbol("("); !read) return read;
    do {
      if (auto read = literal(made); !read) return read;
    } while (take_symbol(","));
    return expect_symbol(")");
  }

  Result<void> literal(VqlCondition& made) {
    const auto kind = literal_kind();
    if (!kind) return expected("a value");
    if (++values_ > limits::kVqlValuesMax) return too_many("values");
    made.values.push_back({*kind, token().text, token().place});
    tokens_.next();
    return {};
  }

  std::optional<VqlLiteralKind> literal_kind() const {
    if (token().kind == VqlTokenKind::kString) return VqlLiteralKind::kString;
    if (token().kind == VqlTokenKind::kNumber) return VqlLiteralKind::kNumber;
    if (token().is_keyword("true") || token().is_keyword("false")) return VqlLiteralKind::kBoolean;
    if (token().is_keyword("null")) return VqlLiteralKind::kNull;
    return std::nullopt;
  }

  Result<void> order() {
    if (!take_keyword("ORDER")) return {};
    if (auto read = expect_keyword("BY"); !read) return read;
    do {
      if (query_.order.size() == limits::kVqlSortKeysMax) return too_many("sort keys");
      VqlSortKey& key = query_.order.emplace_back();
      if (auto read = word("a field", key.field); !read) return read;
      key.descending = take_keyword("DESC");
      if (!key.descending) take_keyword("ASC");
    } while (take_symbol(","));
    return {};
  }

  // Which rows of the result, in any order, each once.
  Result<void> parts() {
    while (token().kind != VqlTokenKind::kEnd) {
      std::optional<std::int64_t>* part = find_part();
      if (part == nullptr) return expected("the end of the query");
      if (part->has_value()) {
        return syntax_error("Repeated [" + printable_excerpt(token().text) + "]", token().place);
      }
      tokens_.next();
      const auto number = parse_digits<std::int64_t>(token().text);
      if (token().kind != VqlTokenKind::kNumber || !number || *number > limits::kPageStartMax) {
        return expected("a number up to " + std::to_string(limits::kPageStartMax));
      }
      *part = *number;
      tokens_.next();
    }
    return {};
  }

  std::optional<std::int64_t>* find_part() {
    if (token().is_keyword("PAGESIZE") || token().is_keyword("LIMIT")) return &query_.page_size;
    if (token().is_keyword("PAGEOFFSET") || token().is_keyword("OFFSET"))
      return &query_.page_offset;
    if (token().is_keyword("MAXROWS")) return &query_.max_rows;
    if (token().is_keyword("SKIP")) return &query_.skip;
    return nullptr;
  }

  static constexpr std::array<std::string_view, 5> kReserved{"SELECT", "FROM", "WHERE", "AND",
                                                             "OR"};
  static constexpr std::array<std::pair<std::string_view, VqlOperator>, 9> kOperators{{
      {"=", VqlOperator::kEqual},
      {"!=", VqlOperator::kNotEqual},
      {"<", VqlOperator::kLess},
      {"<=", VqlOperator::kLessOrEqual},
      {">", VqlOperator::kGreater},
      {">=", VqlOperator::kGreaterOrEqual},
      {"LIKE", VqlOperator::kLike},
      {"CONTAINS", VqlOperator::kContains},
      {"BETWEEN", VqlOperator::kBetween},
  }};

  VqlTokens tokens_;
  VqlQuery query_;
  std::size_t conditions_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

std::unexpected<Error> fail_at(ErrorType type, std::string message, std::size_t place) {
  return fail(type, std::move(message) + " (character " + std::to_string(place) + ").");
}

Result<VqlQuery> parse_vql(std::string_view text) {
  if (text.size() > limits::kVqlCharactersMax &&
      count_code_points(text) > limits::kVqlCharactersMax) {
    return fail(
        ErrorType::kIncorrectQuerySyntaxError,
        "The query is longer than " + std::to_string(limits::kVqlCharactersMax) + " characters.");
  }
  return Parser(text).query();
}

}  // namespace muster::codec
