// What the tests of login and sessions start from: a small domain in a memory store, users with
// passwords, a service that can be "restarted", a clock that tests move. For tests only.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/fake_secrets.h"
#include "directory/password_policy.h"
#include "directory/session_service.h"
#include "directory/testing.h"
#include "store/memory/memory_store.h"

namespace muster::directory::testing {

class MovableClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return kNoon + steady() + jump_.load(); }
  [[nodiscard]] std::chrono::milliseconds steady() const override { return passed_; }
  void advance(std::chrono::milliseconds time) { passed_ = passed_.load() + time; }
  // Somebody sets the computer's clock: wall time only.
  void jump(std::chrono::milliseconds by) { jump_ = jump_.load() + by; }

 private:
  std::atomic<std::chrono::milliseconds> passed_{std::chrono::milliseconds(0)};
  std::atomic<std::chrono::milliseconds> jump_{std::chrono::milliseconds(0)};
};

inline constexpr std::string_view kPassword = "Muster-1";
inline constexpr UserId kNadia{25001};  // Quality and Clinical, never logged in

class SessionFixture : public ::testing::Test {
 protected:
  SessionFixture() {
    write([](Transaction& tx) { return tx.put_domain(small_domain_value()); });
    auto nadia = make_member(kNadia.value, kQuality);
    nadia->set_membership({.vault_id = kClinical});
    add(nadia, kPassword);
    restart();
  }

  // A new process on the same store.
  void restart() { sessions_ = make_service(store_); }

  std::unique_ptr<SessionService> make_service(Store& store, SessionLimits limits = {}) {
    return std::make_unique<SessionService>(store, clock_, passwords_, hasher_, random_, limits);
  }

  void write(const std::function<Result<void>(Transaction&)>& work) {
    Actor actor;
    actor.at = clock_.now();
    const auto written = store_.write(actor, work);
    ASSERT_TRUE(written) << written.error().message;
  }

  void add(const UserPtr& user, std::optional<std::string_view> password = std::nullopt) {
    write([&](Transaction& tx) { return tx.put_users({{nullptr, user}}); });
    if (password) put_credential(user->id, make_credential(passwords_, *password, clock_.now()));
  }

  template <typename Edit>
  void change(UserId id, Edit edit) {
    write([&](Transaction& tx) {
      const UserPtr before = tx.find_users(std::span(&id, 1))->front();
      auto after = std::make_shared<User>(*before);
      edit(*after);
      return tx.put_users({{before, after}});
    });
  }

  template <typename Edit>
  void change_domain(Edit edit) {
    write([&](Transaction& tx) {
      Domain domain = *tx.domain();
      edit(domain);
      return tx.put_domain(std::move(domain));
    });
  }

  void put_credential(UserId id, const Credential& credential) {
    write([&](Transaction& tx) { return tx.put_credential(id, credential); });
  }

  // Asks the store outside of the service.
  template <typename Ask>
  auto ask(Ask question) {
    std::optional<decltype(question(std::declval<Reader&>()))> answer;
    const auto read = store_.read([&](Reader& reader) -> Result<void> {
      answer = question(reader);
      return {};
    });
    EXPECT_TRUE(read);
    return *std::move(answer);
  }
  UserPtr user(UserId id) {
    return ask([&](Reader& reader) { return reader.find_users(std::span(&id, 1))->front(); });
  }
  Credential credential(UserId id) {
    return ask([&](Reader& reader) { return reader.find_credential(id)->value(); });
  }
  std::optional<Session> stored(const Digest& id_hash) {
    return ask([&](Reader& reader) { return reader.find_session(id_hash).value(); });
  }

  // The login audit trail, newest first.
  std::vector<LoginAuditRow> rows() {
    return ask([&](Reader& reader) {
      return reader
          .login_audit({.from = kNoon - std::chrono::years(1),
                        .to = kNoon + std::chrono::years(1),
                        .offset = 0,
                        .limit = 1000})
          ->rows;
    });
  }
  std::vector<LoginAuditRow> rows(std::string_view type) {
    std::vector<LoginAuditRow> all = rows();
    std::erase_if(all, [type](const LoginAuditRow& row) { return row.type != type; });
    return all;
  }

  static std::string name_of(UserId id) { return "user" + to_string(id) + "@example.com"; }

  Result<LoginAnswer> log_in(std::string user_name, std::string_view password) {
    return sessions_->log_in({.user_name = std::move(user_name),
                              .password = std::string(password),
                              .vault_dns = "",
                              .host = "muster.example.com",
                              .source_ip = "192.0.2.10"});
  }
  Result<LoginAnswer> log_in() { return log_in(name_of(kNadia), kPassword); }
  Result<LoginAnswer> log_in_wrong() { return log_in(name_of(kNadia), "wrong"); }

  // The session id of a login that must succeed.
  std::string open_session() {
    const auto answer = log_in();
    EXPECT_TRUE(answer);
    return answer ? answer->session_id : "";
  }

  // A request that takes no time. nullopt: it was let in.
  std::optional<ErrorType> request(std::string_view authorization) {
    const auto caller = sessions_->authenticate(authorization);
    return caller ? std::nullopt : std::optional(caller.error().type);
  }

  MovableClock clock_;
  FakePasswordHasher passwords_;
  FakeHasher hasher_;
  FakeRandom random_;
  store::MemoryStore store_;
  std::unique_ptr<SessionService> sessions_;
};

}  // namespace muster::directory::testing
