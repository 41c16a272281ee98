#include "store/postgres/user_sql.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/text.h"
#include "store/postgres/user_values.h"

namespace muster::store {
namespace {

using directory::FieldId;
using directory::TextTest;
using directory::UserFilter;
using directory::VaultId;

// Writes conditions: each is true of whom its filter matches, and false or NULL of all others.
class Conditions {
 public:
  explicit Conditions(UserValues& values) : values_(values) {}

  // As deep as the filter.
  [[nodiscard]] std::string of(const UserFilter& filter) {
    const UserFilter::View view = filter.view();
    const std::string plain = plainly(view);
    return view.negated ? "(" + plain + ") IS NOT TRUE" : plain;
  }

 private:
  [[nodiscard]] std::string plainly(const UserFilter::View& filter);
  [[nodiscard]] std::string joined(std::span<const UserFilter> parts, std::string_view word);
  [[nodiscard]] std::string on_number(const UserFilter::View& filter);
  [[nodiscard]] std::string on_text(FieldId field, const TextTest::View& test);
  [[nodiscard]] std::string on_full_name(const TextTest::View& test);
  [[nodiscard]] std::string judged(const std::string& text, const TextTest::View& test);
  [[nodiscard]] std::string bounded(const std::string& text, const TextTest::View& test);

  UserValues& values_;
};

bool is_folded(const TextTest::View& test) {
  return test.ignoring_case || test.kind == TextTest::Kind::kBetween;
}

std::string any_of(const std::string& array) { return " = ANY(" + array + ")"; }

std::string like_pattern(std::span<const std::string> pieces) {
  std::string pattern;
  for (const std::string& piece : pieces) {
    if (&piece != pieces.data()) pattern += '%';
    for (const char c : piece) {
      if (c == '_' || c == '\\') pattern += '\\';
      pattern += c;
    }
  }
  return pattern;
}

std::string Conditions::plainly(const UserFilter::View& filter) {
  switch (filter.kind) {
    case UserFilter::Kind::kAllOf:
      return filter.parts.empty() ? "true" : joined(filter.parts, " AND ");
    case UserFilter::Kind::kAnyOf:
      return filter.parts.empty() ? "false" : joined(filter.parts, " OR ");
    case UserFilter::Kind::kText:
      return on_text(filter.field, filter.test);
    case UserFilter::Kind::kFullName:
      return on_full_name(filter.test);
    case UserFilter::Kind::kMemberOf:
      return is_member_sql(values_.parameter(filter.numbers));
    case UserFilter::Kind::kNotSet:
      if (directory::is_text(filter.field)) return values_.text(filter.field) + " = ''";
      break;
    case UserFilter::Kind::kRange:
    case UserFilter::Kind::kOneOf:
      break;
  }
  return on_number(filter);
}

std::string Conditions::joined(std::span<const UserFilter> parts, std::string_view word) {
  std::string all = "(";
  for (const UserFilter& part : parts) {
    if (&part != parts.data()) all += word;
    all += of(part);
  }
  return all + ")";
}

std::string Conditions::on_number(const UserFilter::View& filter) {
  const std::string number = values_.number(filter.field);
  const bool is_never_set = number.empty();
  if (filter.kind == UserFilter::Kind::kNotSet) return is_never_set ? "true" : number + " IS NULL";
  if (is_never_set) return "false";
  if (filter.kind == UserFilter::Kind::kOneOf) {
    return number + any_of(values_.parameter(filter.numbers));
  }
  const std::string low = values_.parameter(filter.range.low);
  return "(" + number + " BETWEEN " + low + " AND " + values_.parameter(filter.range.high) + ")";
}

std::string Conditions::on_text(FieldId field, const TextTest::View& test) {
  if (is_folded(test)) return judged(values_.folded_text(field), test);
  std::string exactly = judged(values_.text(field), test);
  if (field != FieldId::kFederatedId || test.kind != TextTest::Kind::kOneOf) return exactly;
  // The column has an index. It finds everybody who matches.
  return "(" + judged("u.federated_id", test) + " AND " + exactly + ")";
}

std::string Conditions::on_full_name(const TextTest::View& test) {
  const std::string name = values_.full_name();
  return judged(is_folded(test) ? "lower(" + name + ")" : name, test);
}

// `text` is in lower case if the test is_folded().
std::string Conditions::judged(const std::string& text, const TextTest::View& test) {
  if (test.kind == TextTest::Kind::kBetween) return bounded(text, test);
  std::vector<std::string> wanted(test.texts.begin(), test.texts.end());
  if (test.ignoring_case) std::ranges::transform(wanted, wanted.begin(), ascii_lower);
  if (test.kind == TextTest::Kind::kLike) {
    return "(" + text + " <> '' AND " + text + " LIKE " +
           values_.parameter(std::string_view(like_pattern(wanted))) + ")";
  }
  std::erase(wanted, "");  // what is not set is equal to nothing
  return text + any_of(values_.parameter(wanted));
}

std::string Conditions::bounded(const std::string& text, const TextTest::View& test) {
  std::string both = "(" + text + " <> ''";
  const auto bind = [&](const directory::TextBound& bound, std::string_view sign) {
    const std::string folded = ascii_lower(bound.text);
    both += " AND " + text + std::string(sign) + (bound.included ? "= " : " ");
    both += values_.parameter(std::string_view(folded));
  };
  if (test.low != nullptr) bind(*test.low, " >");
  if (test.high != nullptr) bind(*test.high, " <");
  return both + ")";
}

// Order ----------------------------------------------------------------------------------------

// As sort_key() of user_order.h: what is not set is the smallest. "" when it is the same for all.
std::string sort_key_sql(FieldId field, UserValues& values) {
  if (directory::is_text(field)) return "coalesce(" + values.folded_text(field) + ", '')";
  if (field == FieldId::kLicenseType) return "lower(" + values.license() + ")";
  if (field == FieldId::kSecurityProfile) return "lower(" + values.profile() + ")";
  const std::string number = values.number(field);
  return number.empty() ? "" : "coalesce(" + number + ", '-9223372036854775808'::bigint)";
}

struct Order {
  std::string columns;  // ", ... AS key_0, ..." of a user
  std::string keys;     // "key_0 DESC, key_1, ..., id"
};

Order order_of(const directory::UserScan& scan, UserValues& values) {
  Order order;
  for (std::size_t i = 0; i < scan.order.size(); ++i) {
    const std::string key = sort_key_sql(scan.order[i].field, values);
    if (key.empty()) continue;
    const std::string name = "key_" + std::to_string(i);
    order.columns += ", ";
    order.columns += key;
    order.columns += " AS ";
    order.columns += name;
    order.keys += name;
    order.keys += scan.order[i].descending ? " DESC, " : ", ";
  }
  order.keys += "id";
  return order;
}

std::string is_member_of(const std::vector<VaultId>& vaults, UserValues& values) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(vaults.size());
  for (const VaultId vault : vaults) numbers.push_back(vault.value);
  return is_member_sql(values.parameter(numbers));
}

}  // namespace

std::string is_member_sql(std::string_view vaults) {
  return "EXISTS (SELECT 1 FROM membership m WHERE m.domain_id = $1 AND m.user_id = u.id AND "
         "m.vault_id = ANY(" +
         std::string(vaults) + "))";
}

// Users are found with their keys alone; only those of the page are read and sent.
std::optional<UserStatement> page_statement(const directory::UserScan& scan,
                                            const std::optional<std::vector<VaultId>>& vaults,
                                            const directory::Domain& domain,
                                            std::int64_t domain_id) {
  UserValues values(scan.vault, domain, domain_id);
  std::string where = " WHERE u.domain_id = $1";
  if (vaults) where += " AND " + is_member_of(*vaults, values);
  where += " AND " + Conditions(values).of(scan.filter);
  const Order order = order_of(scan, values);
  const std::string limit = values.parameter(std::max<std::int64_t>(scan.limit, 0));
  const std::string offset = values.parameter(std::max<std::int64_t>(scan.start, 0));
  if (!values.are_storable()) return std::nullopt;
  std::string sql = "WITH found AS MATERIALIZED (SELECT u.id" + order.columns + " FROM " +
                    values.source() + where + "), page AS (SELECT * FROM found ORDER BY " +
                    order.keys + " LIMIT " + limit + " OFFSET " + offset +
                    ") SELECT r.id, r.data, t.total FROM (SELECT count(*) AS total FROM found) t "
                    "LEFT JOIN (SELECT page.*, u.data FROM page JOIN users u ON u.domain_id = $1 "
                    "AND u.id = page.id) r ON true ORDER BY " +
                    order.keys;
  return UserStatement{std::move(sql), values.take_parameters()};
}

}  // namespace muster::store
