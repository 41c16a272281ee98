// parse_vql: any text is a query or an error, and a query written out again from its tree is the
// same query.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "check.h"
#include "codec/vql.h"

namespace {

using muster::codec::parse_vql;
using muster::codec::VqlCondition;
using muster::codec::VqlLiteral;
using muster::codec::VqlLiteralKind;
using muster::codec::VqlOperator;
using muster::codec::VqlQuery;
using muster::fuzz::check;

std::string text_of(const VqlLiteral& literal) {
  if (literal.kind != VqlLiteralKind::kString) return literal.text;
  std::string text = "'";
  for (const char c : literal.text) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

std::string list_of(const VqlCondition& condition) {
  std::string text;
  for (const VqlLiteral& value : condition.values) {
    text += (text.empty() ? "" : ", ") + text_of(value);
  }
  return text;
}

std::string text_of(const VqlCondition& condition) {
  if (condition.kind != VqlCondition::Kind::kComparison) {
    std::string text;
    const char* word = condition.kind == VqlCondition::Kind::kAnd ? " AND " : " OR ";
    for (const VqlCondition& part : condition.parts) {
      text += (text.empty() ? "" : word) + ("(" + text_of(part) + ")");
    }
    return text;
  }
  const std::string& field = condition.field.text;
  switch (condition.comparison) {
    case VqlOperator::kEqual:
      return field + " = " + list_of(condition);
    case VqlOperator::kNotEqual:
      return field + " != " + list_of(condition);
    case VqlOperator::kLess:
      return field + " < " + list_of(condition);
    case VqlOperator::kLessOrEqual:
      return field + " <= " + list_of(condition);
    case VqlOperator::kGreater:
      return field + " > " + list_of(condition);
    case VqlOperator::kGreaterOrEqual:
      return field + " >= " + list_of(condition);
    case VqlOperator::kLike:
      return field + " LIKE " + list_of(condition);
    case VqlOperator::kContains:
      return field + " CONTAINS (" + list_of(condition) + ")";
    case VqlOperator::kBetween:
      return field + " BETWEEN " + text_of(condition.values[0]) + " AND " +
             text_of(condition.values[1]);
  }
  return {};
}

std::string text_of(const VqlQuery& query) {
  std::string text = "SELECT ";
  for (const auto& field : query.fields) {
    text += (&field == query.fields.data() ? "" : ", ") + field.text;
  }
  text += " FROM " + query.target.text;
  if (query.where) text += " WHERE " + text_of(*query.where);
  for (const auto& key : query.order) {
    text += (&key == query.order.data() ? " ORDER BY " : ", ") + key.field.text +
            (key.descending ? " DESC" : " ASC");
  }
  const auto number = [&](const char* word, const auto& value) {
    if (value) text += std::string(word) + std::to_string(*value);
  };
  number(" PAGESIZE ", query.page_size);
  number(" PAGEOFFSET ", query.page_offset);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto query = parse_vql(text);
  if (!query) {
    check(!query.error().message.empty(), "an error says something");
    return 0;
  }
  check(!query->fields.empty() && !query->target.text.empty(), "a query has fields and a target");
  check(query->target.place >= 1 && query->target.place <= size, "places lie in the text");
  const std::string written = text_of(*query);
  if (written.size() > muster::limits::kVqlCharactersMax) return 0;
  const auto again = parse_vql(written);
  check(again.has_value(), "what was read can be written");
  check(text_of(*again) == written, "and reads the same");
  return 0;
}
