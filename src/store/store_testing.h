// Short ways to write to and read from a Store in tests. A call that fails is a test failure.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "directory/store.h"
#include "directory/testing.h"

namespace muster::store::testing {

namespace dt = directory::testing;

inline directory::Actor actor_at(int minute, std::string action = "Update Users") {
  directory::Actor actor;
  actor.user_id = directory::UserId{12};
  actor.user_name = "ann@example.com";
  actor.full_name = "Ann Lee";
  actor.execution_id = "0198f2c1-77aa-7c31-9d55-" + std::to_string(100'000'000'000 + minute);
  actor.action = std::move(action);
  actor.at = dt::kNoon + std::chrono::minutes(minute);
  return actor;
}

inline directory::Digest digest_of(int number) {
  directory::Digest digest{};
  digest[0] = static_cast<std::uint8_t>(number);
  digest[1] = static_cast<std::uint8_t>(number >> 8);
  digest[31] = 0xA5;
  return digest;
}

inline void expect_done(const Result<void>& done) {
  EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().message);
}

using UserEdit = std::function<void(directory::User&)>;

// New users, one transaction.
inline Result<void> try_create(directory::Store& store, const directory::Actor& actor,
                               std::vector<std::shared_ptr<directory::User>> users) {
  return store.write(actor, [&](directory::Transaction& tx) {
    std::vector<directory::UserChange> changes;
    changes.reserve(users.size());
    for (const auto& user : users) changes.push_back({nullptr, user});
    return tx.put_users(std::move(changes));
  });
}

inline void create(directory::Store& store, std::vector<std::shared_ptr<directory::User>> users,
                   int minute = 0) {
  expect_done(try_create(store, actor_at(minute, "Create Users"), std::move(users)));
}

// Each user edited the same way and stamped, within a transaction.
inline Result<void> edit_in(directory::Transaction& tx, const std::vector<directory::UserId>& ids,
                            const directory::Actor& actor, const UserEdit& edit) {
  auto users = tx.find_users(ids);
  if (!users) return std::unexpected(users.error());
  std::vector<directory::UserChange> changes;
  for (const directory::UserPtr& before : *users) {
    if (!before) return fail(ErrorType::kUserNotFound, "no such user");
    auto after = std::make_shared<directory::User>(*before);
    edit(*after);
    after->modified_by = actor.user_id;
    after->modified_date = actor.at;
    changes.push_back({before, after});
  }
  return tx.put_users(std::move(changes));
}

inline Result<void> try_edit(directory::Store& store, const std::vector<directory::UserId>& ids,
                             const directory::Actor& actor, const UserEdit& edit) {
  return store.write(actor,
                     [&](directory::Transaction& tx) { return edit_in(tx, ids, actor, edit); });
}

inline void edit(directory::Store& store, directory::UserId id, int minute,
                 const UserEdit& change) {
  expect_done(try_edit(store, {id}, actor_at(minute), change));
}

// The answer of one question in a read() of its own.
template <typename Ask>
auto ask(directory::Store& store, const Ask& question) {
  using Answer = typename decltype(question(std::declval<directory::Reader&>()))::value_type;
  Answer answer{};
  expect_done(store.read([&](directory::Reader& reader) -> Result<void> {
    auto result = question(reader);
    if (!result) return std::unexpected(result.error());
    answer = std::move(*result);
    return {};
  }));
  return answer;
}

inline directory::UserPtr user_of(directory::Store& store, directory::UserId id) {
  return ask(store, [&](directory::Reader& reader) { return reader.find_users(std::vector{id}); })
      .at(0);
}

inline directory::UserPtr user_by_name(directory::Store& store, const std::string& folded) {
  return ask(store,
             [&](directory::Reader& reader) {
               return reader.find_users_by_name(std::vector{folded});
             })
      .at(0);
}

inline directory::UserPtr user_by_federated_id(directory::Store& store, const std::string& id) {
  return ask(store,
             [&](directory::Reader& reader) {
               return reader.find_users_by_federated_id(std::vector{id});
             })
      .at(0);
}

inline std::int64_t user_count(directory::Store& store) {
  return ask(store, [](directory::Reader& reader) { return reader.count_users(); });
}

inline directory::AuditQuery whole_trail() {
  return {.from = dt::kNoon - std::chrono::hours(24 * 365),
          .to = dt::kNoon + std::chrono::hours(24 * 365),
          .offset = 0,
          .limit = 100'000};
}

inline directory::AuditPage<directory::DomainAuditRow> domain_trail(
    directory::Store& store, const directory::AuditQuery& query = whole_trail()) {
  return ask(store, [&](directory::Reader& reader) { return reader.domain_audit(query); });
}

inline directory::AuditPage<directory::LoginAuditRow> login_trail(
    directory::Store& store, const directory::AuditQuery& query = whole_trail()) {
  return ask(store, [&](directory::Reader& reader) { return reader.login_audit(query); });
}

// "field: old -> new" for every change of the row.
inline std::vector<std::string> change_texts(const directory::DomainAuditRow& row) {
  std::vector<std::string> texts;
  texts.reserve(row.changes.size());
  for (const auto& change : row.changes) {
    texts.push_back(change.field + ": " + change.old_value + " -> " + change.new_value);
  }
  return texts;
}

inline std::vector<std::int32_t> ids_of(const std::vector<directory::UserPtr>& users) {
  std::vector<std::int32_t> ids;
  ids.reserve(users.size());
  for (const directory::UserPtr& user : users) ids.push_back(user ? user->id.value : 0);
  return ids;
}

inline void seed_domain(directory::Store& store) {
  expect_done(store.write(actor_at(0, "Seed"), [](directory::Transaction& tx) {
    return tx.put_domain(dt::small_domain_value());
  }));
}

}  // namespace muster::store::testing
