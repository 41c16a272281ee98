// A condition on users, ready to be asked of millions: names are fields and texts are values
// already, so that a user is compared in place.
//
//   UserFilter filter = UserFilter::all_of({
//       UserFilter::text(FieldId::kTitle, TextTest::one_of({"Clerk"})),
//       UserFilter::number(FieldId::kId, {.low = 25'000})});
//   filter.matches(*user, vault);
//
// What is not set is equal to nothing, neither smaller nor greater than anything; not_set() finds
// it, and so does every negated() condition that the value would have had to meet.
// Plain data; as a constant safe from any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "directory/field.h"
#include "directory/ids.h"
#include "directory/user.h"

namespace muster::directory {

// Both ends included.
struct NumberRange {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
};

struct TextBound {
  std::string text;
  bool included = true;
};

// A text that is set. Case counts but in ranges, which follow the order of sorted lists.
class TextTest {
 public:
  [[nodiscard]] static TextTest one_of(std::vector<std::string> texts);
  // ASCII case ignored, as names of accounts are compared.
  [[nodiscard]] static TextTest one_of_ignoring_case(std::vector<std::string> texts);
  // '%' stands for any characters, everything else for itself.
  [[nodiscard]] static TextTest like(std::string_view pattern, bool ignoring_case);
  [[nodiscard]] static TextTest between(std::optional<TextBound> low,
                                        std::optional<TextBound> high);

  [[nodiscard]] bool matches(std::string_view text) const;

  // What it consists of, for who translates it into another language. Lives as long as the test.
  enum class Kind : std::uint8_t { kOneOf, kLike, kBetween };
  struct View {
    Kind kind;
    bool ignoring_case;
    std::span<const std::string> texts;  // the list; or the pieces between the '%'
    const TextBound* low;                // null: no end
    const TextBound* high;
  };
  [[nodiscard]] View view() const;

 private:
  [[nodiscard]] bool is_listed(std::string_view text) const;
  [[nodiscard]] bool is_like(std::string_view text) const;
  [[nodiscard]] bool lies_between(std::string_view text) const;

  Kind kind_ = Kind::kOneOf;
  bool ignoring_case_ = false;      // then texts_ are in lower case
  std::vector<std::string> texts_;  // the list, sorted; or the pieces between the '%'
  std::optional<TextBound> low_;
  std::optional<TextBound> high_;
};

class UserFilter {
 public:
  // Matches everybody.
  UserFilter() = default;

  [[nodiscard]] static UserFilter all_of(std::vector<UserFilter> parts);
  [[nodiscard]] static UserFilter any_of(std::vector<UserFilter> parts);
  // REQUIRES: is_text(field).
  [[nodiscard]] static UserFilter text(FieldId field, TextTest test);
  // First and last name with a blank between.
  [[nodiscard]] static UserFilter full_name(TextTest test);
  // REQUIRES: a field that number_of() knows.
  [[nodiscard]] static UserFilter number(FieldId field, NumberRange range);
  [[nodiscard]] static UserFilter one_of(FieldId field, std::vector<std::int64_t> numbers);
  // Member, active or not, of one of them.
  [[nodiscard]] static UserFilter member_of(std::vector<std::int64_t> vaults);
  // REQUIRES: one of the fields above, not kVaultId.
  [[nodiscard]] static UserFilter not_set(FieldId field);
  [[nodiscard]] UserFilter negated() &&;

  // Membership fields are those of `vault`.
  [[nodiscard]] bool matches(const User& user, VaultId vault) const;
  // Known without a look at anybody. False: it may all the same.
  [[nodiscard]] bool matches_everybody() const;

  // What it consists of, for who translates it into another language. Only what belongs to its kind
  // means something. Lives as long as the filter.
  enum class Kind : std::uint8_t {
    kAllOf,
    kAnyOf,
    kText,
    kFullName,
    kRange,
    kOneOf,
    kMemberOf,
    kNotSet,
  };
  struct View {
    Kind kind;
    bool negated;
    FieldId field;
    NumberRange range;
    std::span<const std::int64_t> numbers;  // those of kOneOf, the vaults of kMemberOf
    TextTest::View test;
    std::span<const UserFilter> parts;
  };
  [[nodiscard]] View view() const;

 private:
  [[nodiscard]] bool matches_plainly(const User& user, VaultId vault) const;

  Kind kind_ = Kind::kAllOf;
  bool negated_ = false;
  FieldId field_ = FieldId::kId;
  NumberRange range_;
  std::vector<std::int64_t> numbers_;  // sorted
  TextTest test_;
  std::vector<UserFilter> parts_;
};

}  // namespace muster::directory
