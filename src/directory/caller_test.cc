#include "directory/caller.h"

#include <gtest/gtest.h>

#include "directory/testing.h"

namespace muster::directory {
namespace {

using testing::kArchive;
using testing::kClinical;
using testing::kQuality;
using testing::make_caller;
using testing::make_member;
using testing::make_user;
using testing::small_domain;

struct Rights {
  const char* who;
  ProfileIndex profile;
  bool domain_admin;
  bool active;
  bool administers_own;
  bool owns_own;
  bool administers_other;
  bool updates_users;
};

// The caller is a member of Quality, which is the session's vault.
const Rights kRights[] = {
    {"Vault Owner", kVaultOwner, false, true, true, true, false, true},
    {"System Admin", kSystemAdmin, false, true, true, false, false, true},
    {"System and Domain Admin", kSystemAdmin, true, true, true, true, true, true},
    {"Vault Owner and Domain Admin", kVaultOwner, true, true, true, true, false, true},
    {"Domain Admin with a document profile", kDocumentUser, true, true, true, true, false, true},
    {"Business Admin", kBusinessAdmin, false, true, false, false, false, false},
    {"Document User", kDocumentUser, false, true, false, false, false, false},
    {"inactive Vault Owner", kVaultOwner, false, false, false, false, false, false},
    {"Domain Admin, inactive member", kSystemAdmin, true, false, false, false, false, true},
    {"copy of a standard profile", ProfileIndex{7}, false, true, false, false, false, false},
};

TEST(Caller, RightsByProfile) {
  for (const Rights& row : kRights) {
    auto user = make_user(20001);
    user->is_domain_admin = row.domain_admin;
    user->set_membership({.vault_id = kQuality, .profile = row.profile, .active = row.active});
    const Caller caller = make_caller(small_domain(), user);
    EXPECT_EQ(caller.administers(kQuality), row.administers_own) << row.who;
    EXPECT_EQ(caller.is_vault_owner(kQuality), row.owns_own) << row.who;
    EXPECT_EQ(caller.administers(kClinical), row.administers_other) << row.who;
    EXPECT_FALSE(caller.is_vault_owner(kClinical)) << row.who;
    EXPECT_EQ(caller.may_update_users(), row.updates_users) << row.who;
  }
}

TEST(Caller, AnyVaultIsEnoughToCall) {
  auto user = make_member(20001, kQuality);
  user->set_membership({.vault_id = kClinical, .profile = kSystemAdmin});
  const Caller caller = make_caller(small_domain(), user, kQuality);
  EXPECT_TRUE(caller.may_update_users());
  EXPECT_TRUE(caller.may_update(*make_member(25001, kClinical)));
  EXPECT_FALSE(caller.may_update(*make_member(25001, kQuality)));

  user->set_membership({.vault_id = kClinical, .profile = kSystemAdmin, .active = false});
  EXPECT_FALSE(make_caller(small_domain(), user, kQuality).may_update_users());
}

TEST(Caller, MayUpdateMembersOfAnAdministeredVault) {
  const Caller owner = make_caller(small_domain(), make_member(20001, kQuality, kVaultOwner));
  EXPECT_TRUE(owner.may_update(*make_member(25001, kQuality)));
  EXPECT_FALSE(owner.may_update(*make_member(25001, kClinical)));
  EXPECT_FALSE(owner.may_update(*make_user(25001)));  // domain-only

  auto in_two = make_member(25001, kClinical);
  in_two->set_membership({.vault_id = kQuality, .active = false});
  EXPECT_TRUE(owner.may_update(*in_two));
}

TEST(Caller, DomainAdminReachesDomainOnlyUsersAndOwnVaults) {
  auto user = make_member(20001, kQuality, kDocumentUser);
  user->is_domain_admin = true;
  const Caller admin = make_caller(small_domain(), user);
  EXPECT_TRUE(admin.may_update(*make_user(25001)));
  EXPECT_TRUE(admin.may_update(*make_member(25001, kQuality)));
  EXPECT_FALSE(admin.may_update(*make_member(25001, kArchive)));

  user->set_membership({.vault_id = kClinical, .profile = kSystemAdmin});
  EXPECT_TRUE(make_caller(small_domain(), user).may_update(*make_member(25001, kArchive)));
}

TEST(Caller, ActorOfADelegatedSessionIsTheDelegate) {
  Caller caller = make_caller(small_domain(), make_member(25002, kQuality, kVaultOwner));
  caller.delegate = make_member(25001, kQuality);
  const Actor actor = caller.actor("Update Users", testing::kNoon);
  EXPECT_EQ(actor.user_id, UserId{25001});
  EXPECT_EQ(actor.user_name, "user25001@example.com");
  EXPECT_EQ(actor.full_name, "First25001 Last25001");
  EXPECT_EQ(actor.on_behalf_of, "user25002@example.com");
  EXPECT_EQ(actor.execution_id, caller.execution_id);
  EXPECT_EQ(actor.action, "Update Users");
  EXPECT_EQ(actor.at, testing::kNoon);
  EXPECT_TRUE(caller.is_self(UserId{25001}));
  EXPECT_TRUE(caller.is_self(UserId{25002}));
}

TEST(Caller, ActorOfAnOwnSession) {
  const Caller caller = make_caller(small_domain(), make_member(25002, kQuality));
  const Actor actor = caller.actor("Update Users", testing::kNoon);
  EXPECT_EQ(actor.user_id, UserId{25002});
  EXPECT_EQ(actor.on_behalf_of, "");
  EXPECT_FALSE(caller.is_self(UserId{25001}));
}

}  // namespace
}  // namespace muster::directory
