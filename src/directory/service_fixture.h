// A small directory behind a UserService, for its tests: the domain of testing.h in a memory
// store, with one account for each kind of caller.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/batch_plan.h"
#include "directory/testing.h"
#include "directory/user_service.h"
#include "store/memory/memory_store.h"

namespace muster::directory::testing {

inline constexpr UserId kFirstAdmin{20001};     // Domain Admin, Vault Owner everywhere
inline constexpr UserId kOwner{20002};          // Vault Owner of Quality
inline constexpr UserId kAdmin{20003};          // System Admin of Quality
inline constexpr UserId kDomainSystem{20004};   // Domain Admin, System Admin of Quality
inline constexpr UserId kBusiness{20005};       // Business Admin of Quality
inline constexpr UserId kDomainOnly{20006};     // Domain Admin without a membership
inline constexpr UserId kCopiedProfile{20007};  // a copy of system_admin__v in Quality

// One record as pairs of field name and text.
using Cells = std::vector<std::pair<std::string_view, std::string_view>>;

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() : service_(store_, clock_) {
    const auto done =
        store_.write({}, [](Transaction& tx) { return tx.put_domain(small_domain_value()); });
    EXPECT_TRUE(done.has_value());
    add(make_first_admin(kFirstAdmin.value));
    add(make_member(kOwner.value, kQuality, kVaultOwner));
    add(make_member(kAdmin.value, kQuality, kSystemAdmin));
    auto domain_system = make_member(kDomainSystem.value, kQuality, kSystemAdmin);
    domain_system->is_domain_admin = true;
    add(domain_system);
    add(make_member(kBusiness.value, kQuality, kBusinessAdmin));
    auto domain_only = make_user(kDomainOnly.value);
    domain_only->is_domain_admin = true;
    add(domain_only);
    add(make_member(kCopiedProfile.value, kQuality, ProfileIndex{7}));
  }

  // Adds the account, or replaces it.
  void add(const std::shared_ptr<User>& user) {
    const auto done = store_.write({}, [&](Transaction& tx) {
      const auto found = tx.find_users(std::vector{user->id});
      return tx.put_users({{found.value().front(), user}});
    });
    EXPECT_TRUE(done.has_value());
  }

  [[nodiscard]] UserPtr load(UserId id) {
    UserPtr user;
    const auto done = store_.read([&](Reader& reader) -> Result<void> {
      user = reader.find_users(std::vector{id}).value().front();
      return {};
    });
    EXPECT_TRUE(done.has_value());
    return user;
  }
  [[nodiscard]] UserPtr load(std::int32_t id) { return load(UserId{id}); }

  [[nodiscard]] Caller caller(UserId id) { return make_caller(small_domain(), load(id)); }

  [[nodiscard]] static BatchPlan plan(const std::vector<Cells>& records, BatchRules rules = {}) {
    BatchPlanBuilder builder(small_domain(), rules);
    for (const Cells& cells : records) {
      EXPECT_TRUE(builder.begin_record().has_value());
      for (const auto& [name, text] : cells) builder.cell(name, {ValueKind::kText, text});
      builder.end_record();
    }
    return builder.take();
  }

  // The outcomes as lines: "25001 changed", "25001 unchanged" or "25001 TYPE message | ...".
  [[nodiscard]] std::vector<std::string> update(const Caller& who,
                                                const std::vector<Cells>& records,
                                                BatchRules rules = {}) {
    const auto outcome = service_.write_users(who, plan(records, rules));
    if (!outcome) return {std::string(wire_name(outcome.error().type))};
    std::vector<std::string> lines;
    for (const RecordOutcome& record : outcome->records) lines.push_back(line_of(record));
    return lines;
  }
  [[nodiscard]] std::vector<std::string> update(UserId who, const std::vector<Cells>& records) {
    return update(caller(who), records);
  }
  [[nodiscard]] std::vector<std::string> write(UserId who, BatchRules rules,
                                               const std::vector<Cells>& records) {
    return update(caller(who), records, rules);
  }
  // Of a single record.
  [[nodiscard]] std::string update_one(UserId who, const Cells& record) {
    return update(who, {record}).front();
  }

  [[nodiscard]] std::int64_t audit_rows() {
    std::int64_t total = 0;
    const auto done = store_.read([&](Reader& reader) -> Result<void> {
      total =
          reader.domain_audit({.from = kNoon, .to = kNoon + std::chrono::hours{24}}).value().total;
      return {};
    });
    EXPECT_TRUE(done.has_value());
    return total;
  }

  store::MemoryStore store_;
  StandingClock clock_;
  UserService service_;

 private:
  static std::string line_of(const RecordOutcome& record) {
    if (record.succeeded()) return record.id + (record.changed ? " changed" : " unchanged");
    std::string line = record.id;
    for (const Error& error : record.errors) {
      line += (&error == &record.errors.front() ? " " : " | ") +
              std::string(wire_name(error.type)) + ' ' + error.message;
    }
    return line;
  }
};

}  // namespace muster::directory::testing
