#include "app/fill_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "app/demo_directory.h"
#include "app/generated_password.h"
#include "directory/fake_secrets.h"
#include "directory/password_policy.h"
#include "directory/testing.h"
#include "store/memory/memory_store.h"

namespace muster::app {
namespace {

using namespace directory;

constexpr std::int64_t kDemoUsers = 1200;  // three transactions, the last not full

class FillStore : public ::testing::Test {
 protected:
  Result<FirstAdministrator> fill(const DirectorySource& source,
                                  const AdministratorRequest& request = {}) {
    return fill_store(store_, source, request, {clock_, passwords_, random_});
  }

  UserPtr find(std::string_view name) {
    UserPtr user;
    const std::vector<std::string> names{fold_user_name(name)};
    EXPECT_TRUE(store_.read([&](Reader& reader) -> Result<void> {
      user = reader.find_users_by_name(names)->front();
      return {};
    }));
    return user;
  }

  std::optional<Credential> credential(UserId id) {
    std::optional<Credential> found;
    EXPECT_TRUE(store_.read([&](Reader& reader) -> Result<void> {
      found = *reader.find_credential(id);
      return {};
    }));
    return found;
  }

  DomainPtr domain() {
    DomainPtr found;
    EXPECT_TRUE(store_.read([&](Reader& reader) -> Result<void> {
      found = reader.domain();
      return {};
    }));
    return found;
  }

  std::int64_t count_users() {
    std::int64_t count = 0;
    EXPECT_TRUE(store_.read([&](Reader& reader) -> Result<void> {
      count = *reader.count_users();
      return {};
    }));
    return count;
  }

  // One user, whose name is `name`.
  static DirectorySource single(const std::string& name, const std::string& password) {
    Seed seed;
    seed.domain = directory::testing::small_domain_value();
    auto user = directory::testing::make_user(25001);
    user->set_text(FieldId::kUserName, name);
    seed.users.push_back({*user, password});
    return seed_source(std::move(seed));
  }

  store::MemoryStore store_;
  directory::testing::StandingClock clock_;
  directory::testing::FakePasswordHasher passwords_;
  directory::testing::FakeRandom random_;
};

TEST_F(FillStore, DemoDataIsWrittenInFull) {
  const auto admin = fill(demo_source(kDemoUsers));
  ASSERT_TRUE(admin) << admin.error().message;
  EXPECT_TRUE(store_.initialised());
  EXPECT_EQ(count_users(), kDemoUsers + 2);  // the system account and the administrator
  const User expected = demo_user(kDemoUsers - 1);
  const UserPtr last = find(expected.user_name());
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->id, expected.id);
  EXPECT_EQ(last->memberships, expected.memberships);
  EXPECT_EQ(last->created_date, clock_.now());
  EXPECT_FALSE(credential(last->id));
}

TEST_F(FillStore, GroupOfAllInternalUsersIsThere) {
  ASSERT_TRUE(fill(demo_source(3)));
  const DomainPtr before = domain();
  const Group* all = before->find_group(kAllInternalUsers);
  ASSERT_NE(all, nullptr);
  EXPECT_EQ(all->name, "all_internal_users__v");
  EXPECT_TRUE(all->system_group);
  EXPECT_EQ(all->created_date, clock_.now());
  EXPECT_THAT(all->security_profiles,
              ::testing::ElementsAre("business_admin__v", "document_user__v", "read_only_user__v",
                                     "system_admin__v", "vault_owner__v", "view_based_user__v"));
  ASSERT_TRUE(complete_store(store_, clock_));
  EXPECT_EQ(domain()->groups, before->groups);
}

TEST_F(FillStore, StoreOfAnEarlierVersionIsCompleted) {
  ASSERT_TRUE(fill(demo_source(3)));
  ASSERT_TRUE(store_.write({}, [](Transaction& tx) {
    Domain domain = *tx.domain();
    domain.groups.erase(domain.groups.begin());
    return tx.put_domain(std::move(domain));
  }));
  ASSERT_EQ(domain()->find_group(kAllInternalUsers), nullptr);
  ASSERT_TRUE(complete_store(store_, clock_));
  ASSERT_NE(domain()->find_group(kAllInternalUsers), nullptr);
  EXPECT_EQ(domain()->groups.size(), demo_domain().groups.size() + 1);
}

TEST_F(FillStore, SystemAccountHasIdOneAndNoPassword) {
  ASSERT_TRUE(fill(demo_source(0)));
  const UserPtr system = find("system@example.com");
  ASSERT_NE(system, nullptr);
  EXPECT_EQ(system->id, kSystemUserId);
  EXPECT_FALSE(credential(system->id));
}

TEST_F(FillStore, AdministratorOwnsEveryVault) {
  const auto admin = fill(demo_source(kDemoUsers));
  ASSERT_TRUE(admin);
  EXPECT_EQ(admin->user_name, "admin@example.com");
  const UserPtr user = find(admin->user_name);
  ASSERT_NE(user, nullptr);
  EXPECT_EQ(user->id.value, kDemoFirstUserId + kDemoUsers);
  EXPECT_TRUE(user->is_domain_admin);
  for (const Vault& vault : demo_domain().vaults) {
    const Membership* membership = user->membership(vault.id);
    ASSERT_NE(membership, nullptr);
    EXPECT_EQ(membership->profile, kVaultOwner);
    EXPECT_TRUE(membership->active);
  }
}

TEST_F(FillStore, PasswordIsGeneratedWhenNoneIsGiven) {
  const auto admin = fill(demo_source(0));
  ASSERT_TRUE(admin);
  EXPECT_TRUE(admin->generated);
  const auto stored = credential(find("admin@example.com")->id);
  ASSERT_TRUE(stored);
  EXPECT_TRUE(passwords_.verify(stored->password_hash, admin->password));
}

TEST_F(FillStore, GivenNameAndPasswordAreTaken) {
  const auto admin = fill(demo_source(0), {.user_name = "root", .password = "Root-Pass-01"});
  ASSERT_TRUE(admin);
  EXPECT_EQ(admin->user_name, "root@example.com");
  EXPECT_FALSE(admin->generated);
  EXPECT_TRUE(admin->password.empty());
  const auto stored = credential(find("root@example.com")->id);
  ASSERT_TRUE(stored);
  EXPECT_TRUE(passwords_.verify(stored->password_hash, "Root-Pass-01"));
}

TEST_F(FillStore, NamedAccountOfTheSeedBecomesAdministratorAndKeepsItsPassword) {
  const auto admin = fill(single("nadia@example.com", "Nadia-Pass-01"),
                          {.user_name = "Nadia@example.com", .password = ""});
  ASSERT_TRUE(admin) << admin.error().message;
  EXPECT_FALSE(admin->generated);
  EXPECT_EQ(count_users(), 2);
  const UserPtr nadia = find("nadia@example.com");
  EXPECT_TRUE(nadia->is_domain_admin);
  EXPECT_EQ(nadia->memberships.size(), 3U);
  EXPECT_TRUE(passwords_.verify(credential(nadia->id)->password_hash, "Nadia-Pass-01"));
}

TEST_F(FillStore, GivenPasswordBeatsTheOneOfTheSeed) {
  ASSERT_TRUE(fill(single("admin@example.com", "Seed-Pass-01"),
                   {.user_name = "", .password = "Given-Pass-01"}));
  const auto stored = credential(find("admin@example.com")->id);
  EXPECT_TRUE(passwords_.verify(stored->password_hash, "Given-Pass-01"));
}

TEST_F(FillStore, UnusableAdministratorNameLeavesTheStoreEmpty) {
  const auto admin = fill(demo_source(0), {.user_name = "a b", .password = ""});
  ASSERT_FALSE(admin);
  EXPECT_EQ(admin.error().type, ErrorType::kInvalidData);
  EXPECT_THAT(admin.error().message, ::testing::HasSubstr("MUSTER_ADMIN_USER"));
  EXPECT_FALSE(store_.initialised());
}

TEST(GeneratedPassword, SatisfiesTheStrictestPolicyAndDiffersEachTime) {
  directory::testing::FakeRandom random;
  SecurityPolicy strict;
  strict.require_nonalphanumeric = true;
  strict.min_length = 12;
  const std::string first = generate_password(random);
  EXPECT_TRUE(check_new_password(strict, first)) << first;
  EXPECT_EQ(first.size(), 23U);
  EXPECT_NE(first, generate_password(random));
}

}  // namespace
}  // namespace muster::app
