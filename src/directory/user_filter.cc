#include "directory/user_filter.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/text.h"
#include "directory/user_value.h"

namespace muster::directory {
namespace {

bool less_ignoring_case(std::string_view a, std::string_view b) {
  return compare_ignoring_case(a, b) < 0;
}

bool same(std::string_view a, std::string_view b, bool ignoring_case) {
  return ignoring_case ? equals_ignoring_case(a, b) : a == b;
}

std::size_t find_piece(std::string_view text, std::string_view piece, bool ignoring_case) {
  if (!ignoring_case) return text.find(piece);
  for (std::size_t at = 0; at + piece.size() <= text.size(); ++at) {
    if (equals_ignoring_case(text.substr(at, piece.size()), piece)) return at;
  }
  return std::string_view::npos;
}

bool contains(const std::vector<std::int64_t>& sorted, std::int64_t number) {
  return std::ranges::binary_search(sorted, number);
}

}  // namespace

TextTest TextTest::one_of(std::vector<std::string> texts) {
  TextTest test;
  std::ranges::sort(texts);
  test.texts_ = std::move(texts);
  return test;
}

TextTest TextTest::one_of_ignoring_case(std::vector<std::string> texts) {
  for (std::string& text : texts) text = ascii_lower(text);
  TextTest test = one_of(std::move(texts));
  test.ignoring_case_ = true;
  return test;
}

TextTest TextTest::like(std::string_view pattern, bool ignoring_case) {
  TextTest test;
  test.kind_ = Kind::kLike;
  test.ignoring_case_ = ignoring_case;
  while (true) {
    const std::size_t end = pattern.find('%');
    test.texts_.emplace_back(pattern.substr(0, end));
    if (end == pattern.npos) return test;
    pattern.remove_prefix(end + 1);
  }
}

TextTest TextTest::between(std::optional<TextBound> low, std::optional<TextBound> high) {
  TextTest test;
  test.kind_ = Kind::kBetween;
  test.low_ = std::move(low);
  test.high_ = std::move(high);
  return test;
}

bool TextTest::matches(std::string_view text) const {
  if (text.empty()) return false;  // not set
  switch (kind_) {
    case Kind::kOneOf:
      return is_listed(text);
    case Kind::kLike:
      return is_like(text);
    case Kind::kBetween:
      break;
  }
  return lies_between(text);
}

TextTest::View TextTest::view() const {
  return {.kind = kind_,
          .ignoring_case = ignoring_case_,
          .texts = texts_,
          .low = low_ ? &*low_ : nullptr,
          .high = high_ ? &*high_ : nullptr};
}

bool TextTest::is_listed(std::string_view text) const {
  if (texts_.size() == 1) return same(text, texts_.front(), ignoring_case_);
  if (ignoring_case_) return std::ranges::binary_search(texts_, text, less_ignoring_case);
  return std::ranges::binary_search(texts_, text, std::ranges::less());
}

// The first piece opens the text, the last one closes it, the others follow each other. Taking each
// at its first place leaves the most to the next.
bool TextTest::is_like(std::string_view text) const {
  const std::string& first = texts_.front();
  const std::string& last = texts_.back();
  if (texts_.size() == 1) return same(text, first, ignoring_case_);
  if (text.size() < first.size() + last.size() ||
      !same(text.substr(0, first.size()), first, ignoring_case_) ||
      !same(text.substr(text.size() - last.size()), last, ignoring_case_)) {
    return false;
  }
  text = text.substr(first.size(), text.size() - first.size() - last.size());
  for (std::size_t i = 1; i + 1 < texts_.size(); ++i) {
    const std::size_t at = find_piece(text, texts_[i], ignoring_case_);
    if (at == text.npos) return false;
    text.remove_prefix(at + texts_[i].size());
  }
  return true;
}

bool TextTest::lies_between(std::string_view text) const {
  if (low_) {
    const int order = compare_ignoring_case(text, low_->text);
    if (order < 0 || (order == 0 && !low_->included)) return false;
  }
  if (!high_) return true;
  const int order = compare_ignoring_case(text, high_->text);
  return order < 0 || (order == 0 && high_->included);
}

UserFilter UserFilter::all_of(std::vector<UserFilter> parts) {
  UserFilter filter;
  filter.parts_ = std::move(parts);
  return filter;
}

UserFilter UserFilter::any_of(std::vector<UserFilter> parts) {
  UserFilter filter = all_of(std::move(parts));
  filter.kind_ = Kind::kAnyOf;
  return filter;
}

UserFilter UserFilter::text(FieldId field, TextTest test) {
  MUSTER_ASSERT(is_text(field));
  UserFilter filter = full_name(std::move(test));
  filter.kind_ = Kind::kText;
  filter.field_ = field;
  return filter;
}

UserFilter UserFilter::full_name(TextTest test) {
  UserFilter filter;
  filter.kind_ = Kind::kFullName;
  filter.test_ = std::move(test);
  return filter;
}

UserFilter UserFilter::number(FieldId field, NumberRange range) {
  UserFilter filter;
  filter.kind_ = Kind::kRange;
  filter.field_ = field;
  filter.range_ = range;
  return filter;
}

UserFilter UserFilter::one_of(FieldId field, std::vector<std::int64_t> numbers) {
  UserFilter filter = member_of(std::move(numbers));
  filter.kind_ = Kind::kOneOf;
  filter.field_ = field;
  return filter;
}

UserFilter UserFilter::member_of(std::vector<std::int64_t> vaults) {
  UserFilter filter;
  filter.kind_ = Kind::kMemberOf;
  std::ranges::sort(vaults);
  filter.numbers_ = std::move(vaults);
  return filter;
}

UserFilter UserFilter::not_set(FieldId field) {
  UserFilter filter;
  filter.kind_ = Kind::kNotSet;
  filter.field_ = field;
  return filter;
}

UserFilter UserFilter::negated() && {
  negated_ = !negated_;
  return std::move(*this);
}

bool UserFilter::matches(const User& user, VaultId vault) const {
  return matches_plainly(user, vault) != negated_;
}

bool UserFilter::matches_everybody() const {
  return kind_ == Kind::kAllOf && !negated_ && parts_.empty();
}

UserFilter::View UserFilter::view() const {
  return {.kind = kind_,
          .negated = negated_,
          .field = field_,
          .range = range_,
          .numbers = numbers_,
          .test = test_.view(),
          .parts = parts_};
}

bool UserFilter::matches_plainly(const User& user, VaultId vault) const {
  const auto part_matches = [&](const UserFilter& part) { return part.matches(user, vault); };
  switch (kind_) {
    case Kind::kAllOf:
      return std::ranges::all_of(parts_, part_matches);
    case Kind::kAnyOf:
      return std::ranges::any_of(parts_, part_matches);
    case Kind::kText:
      return test_.matches(user.text(field_));
    case Kind::kFullName:
      return test_.matches(user.full_name());
    case Kind::kRange: {
      const auto number = number_of(user, field_, vault);
      return number && range_.low <= *number && *number <= range_.high;
    }
    case Kind::kOneOf: {
      const auto number = number_of(user, field_, vault);
      return number && contains(numbers_, *number);
    }
    case Kind::kMemberOf:
      return std::ranges::any_of(user.memberships, [&](const Membership& membership) {
        return contains(numbers_, membership.vault_id.value);
      });
    case Kind::kNotSet:
      break;
  }
  return is_text(field_) ? user.text(field_).empty() : !number_of(user, field_, vault);
}

}  // namespace muster::directory
