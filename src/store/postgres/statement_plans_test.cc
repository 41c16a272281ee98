// How the server runs what the store sends, in its own words (auto_explain): in a database where
// the domain asked for is a tenth of all, no statement reads the whole of a table that grows, and
// none that is not about all of the domain reads all of the domain.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "store/embedded/user_row.h"
#include "store/postgres/postgres_harness.h"
#include "store/store_testing.h"

namespace muster::store {
namespace {

using namespace directory;       // NOLINT(google-build-using-namespace)
using namespace store::testing;  // NOLINT(google-build-using-namespace)

constexpr int kOwnUsers = 5'000;
constexpr int kAllUsers = 50'000;
constexpr int kFirstId = 30'001;
constexpr int kRuns = 7;  // until a prepared statement may have its last plan

// What the server has to say of each statement it ran, by its text.
using Plans = std::map<std::string, std::string>;

Plans plans_of(const std::string& log) {
  Plans plans;
  std::string* plan = nullptr;
  std::istringstream lines(log);
  const std::string kText = "\tQuery Text: ";
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kText)) {
      plan = &plans[line.substr(kText.size())];
    } else if (!line.starts_with('\t')) {
      plan = nullptr;
    } else if (plan != nullptr) {
      *plan += line + "\n";
    }
  }
  return plans;
}

const std::string kTables = "(users|membership|audit|login|session|credential|batch|kept_answer)";

// "->  Index Scan using users_pkey on users u  (cost=... rows=5 ...) (actual time=... rows=7
// loops=2)" and what a filter took away of them: the most that one node of the plan read.
std::int64_t rows_read(const std::string& plan) {
  static const std::regex kScan("Scan.* on " + kTables + ".*actual.* rows=(\\d+) loops=(\\d+)\\)");
  static const std::regex kRemoved("Rows Removed by Filter: (\\d+)");
  std::int64_t most = 0;
  std::int64_t rows = 0;
  std::int64_t loops = 0;
  std::istringstream lines(plan);
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (std::regex_search(line, found, kScan)) {
      loops = std::stoll(found[3]);
      rows = std::stoll(found[2]) * loops;
    } else if (line.contains("->")) {
      loops = rows = 0;
    } else if (std::regex_search(line, found, kRemoved)) {
      rows += std::stoll(found[1]) * loops;
    }
    most = std::max(most, rows);
  }
  return most;
}

// Whether it is about all users, or all rows, of the domain. Who asks for a name or an id is not.
bool is_about_all(const std::string& statement) {
  const auto has = [&](const char* part) { return statement.contains(part); };
  if (has("count(*) FROM") && !has("WITH found")) return true;
  const bool by_key = has("folded_name = ANY") || has("federated_id = ANY") || has("u.id = ANY");
  return has("DISTINCT") || (has("WITH found") && !by_key);
}

class StatementPlans : public ::testing::Test {
 protected:
  void SetUp() override {
    seed_domain(store());
    fill();
    expect_done(store().mark_initialised());
    harness_.run("VACUUM ANALYZE");
    for (const char* const setting :
         {"session_preload_libraries = 'auto_explain'", "auto_explain.log_min_duration = 0",
          "auto_explain.log_analyze = on"}) {
      harness_.run(std::string("ALTER ROLE muster SET ") + setting);
    }
    log_begin_ = test_cluster().log().size();
    harness_.reopen();
  }
  void TearDown() override { harness_.run("ALTER ROLE muster RESET ALL"); }

  directory::Store& store() { return harness_.store(); }
  [[nodiscard]] Plans plans() const { return plans_of(test_cluster().log().substr(log_begin_)); }

  // In two domains, of which ours has the first ids.
  void fill();
  void insert(const std::string& table, const std::string& columns, const std::string& values) {
    harness_.run("INSERT INTO " + table + " (domain_id, " + columns + ") SELECT CASE WHEN i < " +
                 std::to_string(kFirstId + kOwnUsers) + " THEN 1 ELSE 2 END, " + values +
                 " FROM generate_series(" + std::to_string(kFirstId) + ", " +
                 std::to_string(kFirstId + kAllUsers - 1) + ") i");
  }
  template <typename Ask>
  void read(const Ask& question) {
    for (int run = 0; run < kRuns; ++run) {
      expect_done(store().read([&](Reader& reader) -> Result<void> {
        const auto answer = question(reader);
        if (!answer) return std::unexpected(answer.error());
        return {};
      }));
    }
  }
  template <typename Work>
  void write(const Work& work) {
    for (int run = 0; run < kRuns; ++run) {
      expect_done(store().write(actor_at(run),
                                [&](Transaction& tx) -> Result<void> { return work(tx, run); }));
    }
  }

  void ask_for_users();
  void ask_for_lists();
  void ask_for_sessions();
  void ask_for_trails();
  void write_users();
  void write_sessions();
  void write_batches();

  PostgresHarness harness_;
  std::size_t log_begin_ = 0;
};

void StatementPlans::fill() {
  std::string data;
  append_user(data, *dt::make_member(25001, dt::kQuality), dt::small_domain_value());
  insert("users", "id, folded_name, federated_id, is_active_admin, data",
         "i, 'user' || i || '@example.com', 'f-' || i, i % 5000 = 7, replace('" + data +
             "', '25001', i::text)");
  insert("membership", "vault_id, user_id", "3003, i");
  const std::string noon = std::to_string(dt::kNoon.time_since_epoch().count());
  insert("session", "id_hash, user_id, vault_id, delegate_user_id, created, last_activity",
         "lpad(to_hex(i), 64, '0'), i, 3003, i % 2, " + noon + " + i, " + noon + " + i");
  insert("credential", "user_id, data", "i, ''");
  insert("audit",
         "id, at, user_name, full_name, on_behalf_of, action, execution_id, item, item_id, is_new, "
         "changes",
         "i, " + noon + " + i, '', '', '', '', 'batch-' || i / 10, '', i, false, '[]'");
  insert("login",
         "id, at, user_id, user_name, full_name, source_ip, type, status, browser, platform",
         "i, " + noon + " + i, i, '', '', '', '', '', '', ''");
  insert("batch",
         "id, place, user_id, vault_id, operation, started, finished, records, succeeded, failed, "
         "unchanged, client_id, reference_id, undone_by",
         "'batch-' || i, i, i, 3003, '', 0, 0, 0, 0, 0, 0, '', '', ''");
  insert("kept_answer", "key, body, at, answer", "lpad(to_hex(i), 64, '0'), '', i, ''");
  harness_.run("UPDATE counter SET value = 1000000");
}

std::vector<UserId> some_ids() {
  std::vector<UserId> ids;
  constexpr int kSome = 50;
  ids.reserve(kSome);
  for (int i = 0; i < kSome; ++i) ids.push_back(UserId{kFirstId + i * 7});
  return ids;
}

template <typename TextOf>
std::vector<std::string> some_texts(const TextOf& text_of) {
  std::vector<std::string> texts;
  for (const UserId id : some_ids()) texts.push_back(text_of(to_string(id)));
  return texts;
}

void StatementPlans::ask_for_users() {
  read([](Reader& reader) { return reader.find_users(some_ids()); });
  const auto names = some_texts([](const std::string& id) { return "user" + id + "@example.com"; });
  read([&](Reader& reader) { return reader.find_users_by_name(names); });
  const auto federated = some_texts([](const std::string& id) { return "f-" + id; });
  read([&](Reader& reader) { return reader.find_users_by_federated_id(federated); });
  read([](Reader& reader) { return reader.users_after(UserId{kFirstId + 100}, 200); });
  read([](Reader& reader) { return reader.count_users(); });
}

void StatementPlans::ask_for_lists() {
  using Vaults = std::optional<std::vector<VaultId>>;
  for (const Vaults& vaults : {Vaults(), Vaults({dt::kQuality}),
                               Vaults({dt::kQuality, dt::kClinical}), Vaults({dt::kArchive})}) {
    for (const FieldId sort : {FieldId::kId, FieldId::kUserName, FieldId::kTitle}) {
      for (const std::int64_t start : {0, kOwnUsers - 10}) {
        read([&](Reader& reader) {
          return reader.list_users({.vaults = vaults, .sort = sort, .start = start});
        });
      }
    }
  }
  for (const UserFilter& filter :
       {UserFilter(), UserFilter::text(FieldId::kTitle, TextTest::like("a%", false)),
        UserFilter::text(FieldId::kUserName, TextTest::one_of_ignoring_case({"user30005@b.com"})),
        UserFilter::text(FieldId::kFederatedId, TextTest::one_of({"f-30007"})),
        UserFilter::one_of(FieldId::kId, {30'009}), UserFilter::one_of(FieldId::kActive, {1}),
        UserFilter::member_of({dt::kClinical.value})}) {
    read([&](Reader& reader) {
      return reader.scan_users({.vault = dt::kQuality, .filter = filter});
    });
  }
}

void StatementPlans::ask_for_sessions() {
  read([](Reader& reader) { return reader.find_session(digest_of(1)); });
  read([](Reader& reader) { return reader.find_stale_sessions(dt::kNoon, dt::kNoon, 100); });
  read([](Reader& reader) { return reader.find_credential(UserId{7}); });
  read([](Reader& reader) { return reader.find_answer(digest_of(1)); });
}

void StatementPlans::ask_for_trails() {
  for (const std::int64_t offset : {0, kOwnUsers - 10}) {
    AuditQuery query = whole_trail();
    query.offset = offset;
    query.limit = 200;
    read([&](Reader& reader) { return reader.domain_audit(query); });
    read([&](Reader& reader) { return reader.login_audit(query); });
    query.item = UserId{kFirstId + 5};
    read([&](Reader& reader) { return reader.domain_audit(query); });
  }
  read([](Reader& reader) { return reader.find_batch("batch-30010"); });
  read([](Reader& reader) { return reader.list_batches({}); });
  read([](Reader& reader) { return reader.list_batches({.vault = dt::kArchive}); });
  read([](Reader& reader) { return reader.list_batches({.start = kOwnUsers - 10}); });
  read([](Reader& reader) { return reader.audit_of_batch("batch-3001"); });
}

void StatementPlans::write_users() {
  write([](Transaction& tx, int run) -> Result<void> {
    expect_done(edit_in(tx, some_ids(), actor_at(run), [&](User& user) {
      user.set_text(FieldId::kUserName, std::to_string(run) + std::string(user.user_name()));
      if (run % 2 == 0) user.set_membership({.vault_id = dt::kClinical});
      if (run % 2 == 1) user.memberships.pop_back();
      user.is_domain_admin = run % 2 == 0;
    }));
    const auto ids = tx.allocate_user_ids(1);
    if (!ids) return std::unexpected(ids.error());
    expect_done(tx.put_users({{nullptr, dt::make_member(ids->front().value, dt::kQuality)}}));
    expect_done(tx.set_last_login(UserId{kFirstId}, actor_at(run).at));
    if (auto count = tx.count_active_domain_admins(); !count) return std::unexpected(count.error());
    return tx.put_domain(*tx.domain());
  });
}

void StatementPlans::write_sessions() {
  write([](Transaction& tx, int run) -> Result<void> {
    expect_done(tx.put_session({.id_hash = digest_of(run), .user_id = UserId{kFirstId}}));
    expect_done(tx.end_session(digest_of(run)));
    expect_done(tx.end_sessions_of(UserId{kFirstId + run}, std::nullopt));
    expect_done(tx.put_credential(UserId{kFirstId}, {.password_hash = "h"}));
    return tx.append_login({.timestamp = actor_at(run).at});
  });
}

void StatementPlans::write_batches() {
  write([](Transaction& tx, int run) -> Result<void> {
    expect_done(tx.put_batch({.id = "new-" + std::to_string(run), .vault_id = dt::kQuality}));
    expect_done(tx.mark_undone("batch-30010", "by"));
    if (auto kept = tx.find_answer(digest_of(run)); !kept) return std::unexpected(kept.error());
    expect_done(tx.keep_answer({.key = digest_of(run), .body = digest_of(run)}));
    return tx.forget_answers(Timestamp(std::chrono::milliseconds(kFirstId + run)));
  });
}

TEST_F(StatementPlans, NoneReadsMoreThanItIsAbout) {
  ask_for_users();
  ask_for_lists();
  ask_for_sessions();
  ask_for_trails();
  write_users();
  write_sessions();
  write_batches();
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // the chores have their turn

  static const std::regex kReadsAll("Seq Scan on " + kTables + "\\b");
  const Plans seen = plans();
  EXPECT_GT(seen.size(), 60U);
  const auto ran = [&](const std::string& part) {
    return std::ranges::any_of(seen, [&](const auto& entry) { return entry.first.contains(part); });
  };
  EXPECT_TRUE(ran("DELETE FROM commit_token"));
  EXPECT_TRUE(ran("INSERT INTO batch"));
  for (const auto& [statement, plan] : seen) {
    EXPECT_FALSE(std::regex_search(plan, kReadsAll)) << statement << "\n" << plan;
    EXPECT_TRUE(is_about_all(statement) || rows_read(plan) < kOwnUsers / 2) << statement << "\n"
                                                                            << plan;
  }
}

}  // namespace
}  // namespace muster::store
