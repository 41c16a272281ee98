#include "store/postgres/user_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "directory/testing.h"
#include "directory/user_fields.h"
#include "directory/user_value.h"
#include "store/postgres/postgres_harness.h"
#include "store/store_testing.h"
#include "store/user_page.h"
#include "store/user_scan.h"

namespace muster::store {
namespace {

using namespace directory;       // NOLINT(google-build-using-namespace)
using namespace store::testing;  // NOLINT(google-build-using-namespace)
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Key = UserScan::SortKey;

std::optional<UserStatement> statement(const UserFilter& filter, std::vector<Key> order = {}) {
  return page_statement({.vault = dt::kQuality, .filter = filter, .order = std::move(order)},
                        std::vector{dt::kQuality}, dt::small_domain_value(), 1);
}

TEST(UserSql, NoTextOfTheQuestionIsPartOfTheStatement) {
  const std::string evil = "x' OR true --";
  for (const TextTest& test :
       {TextTest::one_of({evil}), TextTest::one_of_ignoring_case({evil, "b"}),
        TextTest::like("%" + evil + "%", false),
        TextTest::between(TextBound{evil}, TextBound{evil})}) {
    for (const UserFilter& filter :
         {UserFilter::text(FieldId::kTitle, test), UserFilter::text(FieldId::kUserName, test),
          UserFilter::text(FieldId::kFederatedId, test).negated(), UserFilter::full_name(test)}) {
      const auto made = statement(filter);
      ASSERT_TRUE(made);
      EXPECT_THAT(made->sql, Not(HasSubstr("true --")));
      EXPECT_THAT(made->sql, Not(HasSubstr("TRUE --")));
    }
  }
}

TEST(UserSql, UserNamesAndFederatedIdsAreLookedUpInTheirColumns) {
  EXPECT_THAT(
      statement(UserFilter::text(FieldId::kUserName, TextTest::one_of_ignoring_case({"a"})))->sql,
      HasSubstr("u.folded_name = ANY($3::text[])"));
  EXPECT_THAT(statement(UserFilter::text(FieldId::kFederatedId, TextTest::one_of({"a"})))->sql,
              HasSubstr("u.federated_id = ANY("));
  EXPECT_THAT(statement(UserFilter::one_of(FieldId::kId, {1, 2}))->sql,
              HasSubstr("u.id = ANY($3::bigint[])"));
}

TEST(UserSql, AQuestionThatDoesNotLookIntoTheDataLeavesItAlone) {
  EXPECT_THAT(
      statement(UserFilter::number(FieldId::kId, {.low = 5}), {Key{FieldId::kUserName}})->sql,
      Not(HasSubstr("json")));
}

TEST(UserSql, ThereIsNoStatementForATextThatTheDatabaseCannotHold) {
  for (const std::string& text : {std::string("a\0b", 3), std::string("a\xFF")}) {
    for (const TextTest& test : {TextTest::one_of({"a", text}), TextTest::like("%" + text, true),
                                 TextTest::between(TextBound{text}, std::nullopt)}) {
      EXPECT_FALSE(statement(UserFilter::text(FieldId::kTitle, test)));
    }
  }
}

class UserSqlOnServer : public ::testing::Test {
 protected:
  UserSqlOnServer() { seed_domain(store()); }

  directory::Store& store() { return harness_.store(); }
  UserPage scan(const UserScan& wanted) {
    return ask(store(), [&](Reader& reader) { return reader.scan_users(wanted); });
  }

  PostgresHarness harness_;
};

TEST_F(UserSqlOnServer, AUserWithANulIsFoundAllTheSame) {
  const std::string with_nul("a\0b", 3);
  auto ann = dt::make_member(101, dt::kQuality);
  ann->set_text(FieldId::kTitle, with_nul);
  auto bob = dt::make_member(102, dt::kQuality);
  bob->set_text(FieldId::kTitle, "aa");
  create(store(), {ann, bob});
  const UserScan by_title{.vault = dt::kQuality,
                          .filter = UserFilter::text(FieldId::kTitle, TextTest::like("a%", false)),
                          .order = {Key{FieldId::kTitle}}};
  EXPECT_THAT(ids_of(scan(by_title).users), ElementsAre(101, 102));
  EXPECT_THAT(
      ids_of(
          ask(store(), [](Reader& reader) { return reader.list_users({.sort = FieldId::kTitle}); })
              .users),
      ElementsAre(101, 102));
  const UserScan equal{.vault = dt::kQuality,
                       .filter = UserFilter::text(FieldId::kTitle, TextTest::one_of({with_nul}))};
  EXPECT_THAT(ids_of(scan(equal).users), ElementsAre(101));
}

TEST_F(UserSqlOnServer, ATransactionGoesOnAfterAUserWithANul) {
  auto ann = dt::make_member(101, dt::kQuality);
  ann->set_text(FieldId::kTitle, std::string("a\0b", 3));
  create(store(), {ann});
  expect_done(store().write(actor_at(1), [&](Transaction& tx) -> Result<void> {
    expect_done(edit_in(tx, {UserId{101}}, actor_at(1),
                        [](User& user) { user.set_text(FieldId::kCompany, "Example"); }));
    for (int i = 0; i < 2; ++i) {
      const auto page = tx.list_users({.sort = FieldId::kTitle});
      if (!page) return std::unexpected(page.error());
      EXPECT_EQ(page->users.at(0)->text(FieldId::kCompany), "Example");
    }
    return tx.put_users({{nullptr, dt::make_user(102)}});
  }));
  EXPECT_EQ(user_count(store()), 2);
  EXPECT_EQ(user_of(store(), UserId{101})->text(FieldId::kCompany), "Example");
}

// Random directories and questions -------------------------------------------------------------

// Seeded by the case: a directory has too many parts for RapidCheck to take apart.
std::mt19937 dice;

void seed_dice() {
  dice.seed(*rc::gen::noShrink(rc::gen::resize(100, rc::gen::arbitrary<std::uint32_t>())));
}

int below(int end) { return std::uniform_int_distribution(0, end - 1)(dice); }
bool odds(int of) { return below(of) == 0; }

template <typename T>
T one_of(const std::vector<T>& values) {
  return values.at(static_cast<std::size_t>(below(static_cast<int>(values.size()))));
}

// Few and short, so that they meet; and everything that means something to SQL, LIKE or JSON.
using Pieces = std::vector<std::string>;
const Pieces kPlainPieces{"a",
                          "A",
                          "b",
                          "B",
                          "z",
                          "_",
                          "%",
                          " ",
                          "'",
                          ";",
                          ":",
                          "{",
                          ",",
                          "[",
                          "0",
                          "1",
                          "^",
                          "]",
                          "$1",
                          "a_",
                          "ab",
                          "NULL",
                          "null",
                          ",1,",
                          "\xC3\xA4",
                          "\xC3\x84",
                          "\xF0\x9F\x98\x80",
                          "\xC4\xB0",
                          "\xEF\xBF\xBD",
                          "\x7F"};
const Pieces kEscapedPieces{"\\", "\\u0000", "\"", "\n", "\t", "\",", ",\"", "\x01", "\\\""};

std::string some_text(bool is_plain) {
  std::string text;
  for (int i = below(4); i > 0; --i) {
    text += one_of(is_plain || !odds(4) ? kPlainPieces : kEscapedPieces);
  }
  return text;
}

Timestamp some_time() {
  return Timestamp(std::chrono::milliseconds(
      one_of<std::int64_t>({0, -1, 1, 1'770'000'000'000, 1'770'000'000'001, -62'000'000'000'000})));
}

const std::vector<VaultId> kVaults{dt::kQuality, dt::kClinical, dt::kArchive};

Membership some_membership(VaultId vault) {
  return {.vault_id = vault,
          .profile = ProfileIndex{static_cast<std::uint16_t>(below(8))},
          .license = static_cast<LicenseType>(below(5)),
          .active = odds(2)};
}

std::shared_ptr<User> some_user(int id) {
  auto user = dt::make_user(id);
  const bool is_plain = odds(2);  // as to JSON: then it is read in another way
  for (const FieldId field : text_fields()) {
    if (odds(2)) user->set_text(field, some_text(is_plain));
  }
  user->set_text(FieldId::kUserName, one_of<std::string>({"a", "A", "b", "\xC3\x84", "_"}) +
                                         std::to_string(id) + "@example.com");
  if (!user->text(FieldId::kFederatedId).empty()) {
    user->set_text(FieldId::kFederatedId,
                   std::string(user->text(FieldId::kFederatedId)) + std::to_string(id));
  }
  user->is_domain_admin = odds(3);
  user->domain_active = !odds(3);
  user->needs_to_change_password = odds(3);
  user->security_policy_id = one_of<PolicyId>({dt::kBasicPolicy, dt::kStrongPolicy, {}});
  user->created_by = UserId{below(3)};
  user->modified_by = UserId{below(3)};
  user->created_date = some_time();
  user->modified_date = some_time();
  if (odds(2)) user->last_login = some_time();
  for (const VaultId vault : kVaults) {
    if (!odds(3)) user->set_membership(some_membership(vault));
  }
  return user;
}

using Users = std::vector<UserPtr>;

// That of a user, or as if.
std::string text_to_find(const Users& users, FieldId field) {
  if (odds(3)) return some_text(odds(2));
  std::string text(one_of(users)->text(field));
  return odds(4) ? ascii_lower(text) : text;
}

std::string some_pattern(const Users& users, FieldId field) {
  std::string pattern = text_to_find(users, field);
  for (int i = below(3); i > 0; --i) {
    // Within a character, too: then there is no statement.
    const auto at = static_cast<std::size_t>(below(static_cast<int>(pattern.size()) + 1));
    pattern.insert(at, "%");
  }
  return pattern;
}

std::optional<TextBound> some_bound(const Users& users, FieldId field) {
  if (odds(4)) return std::nullopt;
  return TextBound{text_to_find(users, field), odds(2)};
}

TextTest some_test(const Users& users, FieldId field) {
  const int kind = below(4);
  if (kind == 0) return TextTest::like(some_pattern(users, field), odds(2));
  if (kind == 1) return TextTest::between(some_bound(users, field), some_bound(users, field));
  std::vector<std::string> texts;
  for (int i = below(4); i > 0; --i) texts.push_back(text_to_find(users, field));
  return kind == 2 ? TextTest::one_of(texts) : TextTest::one_of_ignoring_case(texts);
}

std::vector<FieldId> all_field_ids() {
  std::vector<FieldId> fields;
  for (const Field& field : all_fields()) fields.push_back(field.id);
  return fields;
}

FieldId some_number_field() {
  auto fields = all_field_ids();
  std::erase_if(fields, is_text);
  return one_of(fields);
}

std::int64_t number_to_find(const Users& users, FieldId field) {
  const auto number = number_of(*one_of(users), field, one_of(kVaults));
  if (number && !odds(4)) return *number;
  return one_of<std::int64_t>({0, 1, -1, 4, 1'770'000'000'000, std::int64_t{1} << 40,
                               std::numeric_limits<std::int64_t>::min(),
                               std::numeric_limits<std::int64_t>::max()});
}

std::vector<std::int64_t> some_numbers(const Users& users, FieldId field) {
  std::vector<std::int64_t> numbers;
  for (int i = below(4); i > 0; --i) numbers.push_back(number_to_find(users, field));
  return numbers;
}

UserFilter some_condition(const Users& users) {
  const FieldId text = one_of(std::vector(text_fields().begin(), text_fields().end()));
  const FieldId number = some_number_field();
  switch (below(7)) {
    case 0:
    case 1:
      return UserFilter::text(text, some_test(users, text));
    case 2:
      return UserFilter::full_name(some_test(users, FieldId::kFirstName));
    case 3: {
      const std::int64_t low = number_to_find(users, number);
      return UserFilter::number(number, {.low = low, .high = number_to_find(users, number)});
    }
    case 4:
      return UserFilter::one_of(number, some_numbers(users, number));
    case 5:
      return UserFilter::member_of(odds(4) ? std::vector<std::int64_t>{std::int64_t{1} << 40}
                                           : std::vector<std::int64_t>{one_of(kVaults).value, 7});
    default:
      return UserFilter::not_set(odds(2) ? text : number);
  }
}

UserFilter some_filter(const Users& users, int depth) {
  UserFilter filter = some_condition(users);
  if (depth > 0 && !odds(3)) {
    std::vector<UserFilter> parts;
    for (int i = below(4); i > 0; --i) parts.push_back(some_filter(users, depth - 1));
    filter = odds(2) ? UserFilter::all_of(parts) : UserFilter::any_of(parts);
  }
  return odds(3) ? std::move(filter).negated() : filter;
}

UserScan some_scan(const Users& users) {
  UserScan scan{.vault = one_of(kVaults), .filter = some_filter(users, 2)};
  for (int i = below(4); i > 0; --i) {
    scan.order.push_back({odds(3) ? one_of<FieldId>({FieldId::kActive, FieldId::kLicenseType,
                                                     FieldId::kSecurityProfile, FieldId::kUserName})
                                  : one_of(all_field_ids()),
                          odds(2)});
  }
  scan.start = one_of<std::int64_t>({0, 0, 0, 1, 5, 30, 1000, -1});
  scan.limit = one_of<std::int64_t>({200, 200, 3, 1, 0, -1});
  return scan;
}

UserPage expected_page(const UserScan& scan, const Users& users) {
  const auto domain = dt::small_domain();
  ScanPage page(scan, *domain);
  for (const UserPtr& user : users) page.see(user);
  return page.take();
}

bool is_valid_text(const std::string& text) { return is_storable(text); }

// Whether all its texts, and the pieces of its patterns, are whole characters.
bool is_whole(const UserFilter& filter) {
  const UserFilter::View view = filter.view();
  return std::ranges::all_of(view.test.texts, is_valid_text) &&
         std::ranges::all_of(view.parts, is_whole);
}

class UserSqlProperty : public UserSqlOnServer {
 protected:
  // The same ids each time: new ones first, then as others.
  void put(const Users& users) {
    expect_done(store().write(actor_at(1), [&](Transaction& tx) -> Result<void> {
      std::vector<UserId> ids;
      for (const UserPtr& user : users) ids.push_back(user->id);
      const auto before = tx.find_users(ids);
      if (!before) return std::unexpected(before.error());
      std::vector<UserChange> changes;
      changes.reserve(users.size());
      for (std::size_t i = 0; i < users.size(); ++i) {
        changes.push_back({before->at(i), users[i]});
      }
      return tx.put_users(std::move(changes));
    }));
  }
};

Users some_users() {
  Users users;
  for (int id = 101; id <= 130; ++id) users.push_back(some_user(id));
  return users;
}

TEST_F(UserSqlProperty, TheDatabaseAnswersAsTheUsersThemselvesWould) {
  EXPECT_TRUE(rc::check("statement and filter agree", [&] {
    seed_dice();
    const Users users = some_users();
    put(users);
    for (int question = 0; question < 12; ++question) {
      const UserScan wanted = some_scan(users);
      const auto made =
          page_statement(wanted, std::vector{wanted.vault}, dt::small_domain_value(), 1);
      RC_ASSERT(made.has_value() == is_whole(wanted.filter));
      const UserPage page = scan(wanted);
      const UserPage expected = expected_page(wanted, users);
      RC_LOG() << (made ? made->sql : "no statement") << "\n";
      RC_ASSERT(page.total == expected.total);
      RC_ASSERT(ids_of(page.users) == ids_of(expected.users));
    }
  }));
}

TEST_F(UserSqlProperty, ListsAreSortedAsTheUsersThemselvesWouldBe) {
  EXPECT_TRUE(rc::check("statement and order agree", [&] {
    seed_dice();
    const Users users = some_users();
    put(users);
    for (int question = 0; question < 12; ++question) {
      UserQuery query{.sort = odds(4) ? FieldId::kId : one_of(all_field_ids()),
                      .descending = odds(2),
                      .session_vault = one_of(kVaults),
                      .start = one_of<std::int64_t>({0, 4, 20, 29, 31}),
                      .limit = one_of<std::int64_t>({200, 3, 0})};
      if (!odds(3)) query.vaults = odds(2) ? std::vector{one_of(kVaults)} : kVaults;
      const UserPage page = ask(store(), [&](Reader& reader) { return reader.list_users(query); });
      std::vector<const UserPtr*> matching;
      for (const UserPtr& user : users) {
        if (matches(*user, query)) matching.push_back(&user);
      }
      const auto domain = dt::small_domain();
      const UserPage expected = make_page(matching, query, *domain);
      RC_ASSERT(page.total == expected.total);
      RC_ASSERT(ids_of(page.users) == ids_of(expected.users));
    }
  }));
}

}  // namespace
}  // namespace muster::store
