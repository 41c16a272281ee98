#include "vault_api/vql_binding.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "directory/object_fields.h"
#include "directory/user_fields.h"
#include "directory/value_rules.h"

namespace muster::vault_api {
namespace {

using codec::VqlCondition;
using codec::VqlLiteral;
using codec::VqlLiteralKind;
using codec::VqlOperator;
using codec::VqlWord;
using directory::FieldId;
using directory::FieldKind;
using directory::LicenseType;
using directory::NumberRange;
using directory::TextBound;
using directory::TextTest;
using directory::UserFilter;

// The names under which queries over several vaults know the licenses (docs of the users target).
constexpr std::array<std::pair<std::string_view, LicenseType>, 3> kPrivateLicenseKeys{
    {{"full", LicenseType::kFull},
     {"readOnly", LicenseType::kReadOnly},
     {"external", LicenseType::kExternal}}};

constexpr std::int64_t kNobodys = -1;  // a number that no profile has

Result<const QueryField*> find_field(const QueryTarget& target, const VqlWord& word) {
  if (const QueryField* field = target.find(word.text)) return field;
  return codec::fail_at(ErrorType::kAttributeNotSupported,
                        "[" + std::string(target.name) + "] has no queryable field [" +
                            printable_excerpt(word.text) + "]",
                        word.place);
}

// An empty text is never set.
bool is_null(const VqlLiteral& literal) {
  return literal.kind == VqlLiteralKind::kNull ||
         (literal.kind == VqlLiteralKind::kString && literal.text.empty());
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> parse_license(std::string_view text) {
  const auto key = std::ranges::find(kPrivateLicenseKeys, text,
                                     &std::pair<std::string_view, LicenseType>::first);
  if (key != kPrivateLicenseKeys.end()) return static_cast<std::int64_t>(key->second);
  const auto license = directory::parse_license(text);
  if (!license) return std::nullopt;
  return static_cast<std::int64_t>(*license);
}

std::optional<std::int64_t> parse_status(std::string_view text) {
  if (text == directory::kActiveStatus) return 1;
  if (text == directory::kInactiveStatus) return 0;
  return std::nullopt;
}

class Comparison {
 public:
  Comparison(const VqlCondition& condition, const QueryField& field, const QueryTarget& target,
             const directory::Domain& domain)
      : condition_(condition), field_(field), target_(target), domain_(domain) {}

  Result<UserFilter> bind() const {
    const bool equality = condition_.comparison == VqlOperator::kEqual ||
                          condition_.comparison == VqlOperator::kNotEqual;
    if (equality && is_null(condition_.values.front())) return null_filter();
    for (const VqlLiteral& literal : condition_.values) {
      if (literal.kind != VqlLiteralKind::kNull) continue;
      return syntax_error("null is compared by = and != only", literal.place);
    }
    const bool is_text = !field_.means || directory::is_text(*field_.means);
    auto filter = is_text ? text_filter() : number_filter();
    if (!filter || condition_.comparison != VqlOperator::kNotEqual) return filter;
    return std::move(*filter).negated();
  }

 private:
  static std::unexpected<Error> syntax_error(std::string message, std::size_t place) {
    return codec::fail_at(ErrorType::kIncorrectQuerySyntaxError, std::move(message), place);
  }
  std::unexpected<Error> not_offered() const {
    return syntax_error(
        "This comparison is not offered by field [" + std::string(field_.name) + "]",
        condition_.field.place);
  }
  std::unexpected<Error> invalid(const VqlLiteral& literal) const {
    return codec::fail_at(ErrorType::kInvalidData,
                          "Invalid value [" + printable_excerpt(literal.text) + "] for field [" +
                              std::string(field_.name) + "]",
                          literal.place);
  }

  // Every user has a name and every member a vault.
  UserFilter null_filter() const {
    const bool always_set = !field_.means || field_.means == FieldId::kVaultId;
    UserFilter filter = always_set ? UserFilter::any_of({}) : UserFilter::not_set(*field_.means);
    if (condition_.comparison == VqlOperator::kEqual) return filter;
    return std::move(filter).negated();
  }

  Result<UserFilter> text_filter() const {
    std::vector<std::string> texts;
    for (const VqlLiteral& literal : condition_.values) {
      if (literal.kind == VqlLiteralKind::kBoolean) return invalid(literal);
      texts.push_back(literal.text);
    }
    TextTest test = text_test(std::move(texts));
    if (!field_.means) return UserFilter::full_name(std::move(test));
    return UserFilter::text(*field_.means, std::move(test));
  }

  TextTest text_test(std::vector<std::string> texts) const {
    const bool ignoring_case = field_.means == FieldId::kUserName;
    std::string first = texts.front();
    switch (condition_.comparison) {
      case VqlOperator::kLike:
        return TextTest::like(first, ignoring_case);
      case VqlOperator::kLess:
      case VqlOperator::kLessOrEqual:
        return TextTest::between(
            std::nullopt,
            TextBound{std::move(first), condition_.comparison == VqlOperator::kLessOrEqual});
      case VqlOperator::kGreater:
      case VqlOperator::kGreaterOrEqual:
        return TextTest::between(
            TextBound{std::move(first), condition_.comparison == VqlOperator::kGreaterOrEqual},
            std::nullopt);
      case VqlOperator::kBetween:
        return TextTest::between(TextBound{std::move(first), true},
                                 TextBound{std::move(texts.back()), true});
      default:
        return ignoring_case ? TextTest::one_of_ignoring_case(std::move(texts))
                             : TextTest::one_of(std::move(texts));
    }
  }

  Result<UserFilter> number_filter() const {
    const VqlOperator comparison = condition_.comparison;
    const bool one_of = comparison == VqlOperator::kEqual || comparison == VqlOperator::kNotEqual ||
                        comparison == VqlOperator::kContains;
    if (comparison == VqlOperator::kLike || (!one_of && !is_ordered())) return not_offered();
    std::vector<std::int64_t> numbers;
    for (const VqlLiteral& literal : condition_.values) {
      const auto number = parse(literal);
      if (!number) return invalid(literal);
      numbers.push_back(*number);
    }
    if (!one_of) return UserFilter::number(*field_.means, range(numbers));
    if (field_.means == FieldId::kVaultId) return UserFilter::member_of(std::move(numbers));
    return UserFilter::one_of(*field_.means, std::move(numbers));
  }

  bool is_ordered() const {
    const FieldKind kind = directory::field(*field_.means).kind;
    return kind == FieldKind::kDateTime || kind == FieldKind::kPolicy ||
           (kind == FieldKind::kReference && field_.means != FieldId::kVaultId);
  }

  std::optional<std::int64_t> parse(const VqlLiteral& literal) const {
    const std::string_view text = literal.text;
    switch (directory::field(*field_.means).kind) {
      case FieldKind::kDateTime: {
        const auto at = parse_date_time(text);
        return at ? std::optional(at->time_since_epoch().count()) : std::nullopt;
      }
      case FieldKind::kBoolean: {
        if (field_.means == FieldId::kActive && target_.is_record) return parse_status(text);
        const auto flag = directory::parse_boolean(text);
        return flag ? std::optional<std::int64_t>(*flag ? 1 : 0) : std::nullopt;
      }
      case FieldKind::kLicense:
        return parse_license(text);
      case FieldKind::kProfile: {
        const auto profile = domain_.find_profile(text);
        return profile ? std::int64_t{profile->value} : kNobodys;
      }
      default:
        return parse_integer(text);
    }
  }

  NumberRange range(const std::vector<std::int64_t>& numbers) const {
    constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    const std::int64_t first = numbers.front();
    switch (condition_.comparison) {
      case VqlOperator::kLess:  // nothing of ours is as small or as large as an end of the range
        return {.low = kMin, .high = first == kMin ? kMin : first - 1};
      case VqlOperator::kLessOrEqual:
        return {.low = kMin, .high = first};
      case VqlOperator::kGreater:
        return {.low = first == kMax ? kMax : first + 1, .high = kMax};
      case VqlOperator::kGreaterOrEqual:
        return {.low = first, .high = kMax};
      default:
        return {.low = first, .high = numbers.back()};
    }
  }

  const VqlCondition& condition_;
  const QueryField& field_;
  const QueryTarget& target_;
  const directory::Domain& domain_;
};

// As deep as the parser let the parentheses be.
Result<UserFilter> bind_condition(const VqlCondition& condition, const QueryTarget& target,
                                  const directory::Domain& domain) {
  if (condition.kind == VqlCondition::Kind::kComparison) {
    const auto field = find_field(target, condition.field);
    if (!field) return std::unexpected(field.error());
    return Comparison(condition, **field, target, domain).bind();
  }
  std::vector<UserFilter> parts;
  for (const VqlCondition& part : condition.parts) {
    auto bound = bind_condition(part, target, domain);
    if (!bound) return bound;
    parts.push_back(std::move(*bound));
  }
  return condition.kind == VqlCondition::Kind::kAnd ? UserFilter::all_of(std::move(parts))
                                                    : UserFilter::any_of(std::move(parts));
}

Result<void> bind_columns(const codec::VqlQuery& query, const QueryTarget& target,
                          BoundQuery& bound) {
  for (const VqlWord& word : query.fields) {
    const auto field = find_field(target, word);
    if (!field) return std::unexpected(field.error());
    if (std::ranges::find(bound.columns, *field) == bound.columns.end()) {
      bound.columns.push_back(*field);
    }
  }
  return {};
}

Result<void> bind_order(const codec::VqlQuery& query, const QueryTarget& target,
                        BoundQuery& bound) {
  for (const auto& [word, descending] : query.order) {
    const auto field = find_field(target, word);
    if (!field) return std::unexpected(field.error());
    if ((*field)->means == FieldId::kVaultId) {
      return codec::fail_at(ErrorType::kIncorrectQuerySyntaxError,
                            "Field [" + std::string((*field)->name) + "] cannot be sorted by",
                            word.place);
    }
    bound.order.push_back({(*field)->means.value_or(FieldId::kFirstName), descending});
    if (!(*field)->means) bound.order.push_back({FieldId::kLastName, descending});
  }
  // The order in which users are walked anyway.
  const bool by_id = bound.order.size() == 1 && bound.order.front().field == FieldId::kId &&
                     !bound.order.front().descending;
  if (by_id) bound.order.clear();
  return {};
}

}  // namespace

Result<BoundQuery> bind_query(const codec::VqlQuery& query, const QueryTarget& target,
                              const directory::Domain& domain) {
  BoundQuery bound;
  if (auto done = bind_columns(query, target, bound); !done) return std::unexpected(done.error());
  if (query.where) {
    auto filter = bind_condition(*query.where, target, domain);
    if (!filter) return std::unexpected(filter.error());
    bound.filter = std::move(*filter);
  }
  if (auto done = bind_order(query, target, bound); !done) return std::unexpected(done.error());
  return bound;
}

}  // namespace muster::vault_api
