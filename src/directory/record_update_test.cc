// The rules of protocol 2.6 to 2.11, field by field, on a real (memory) store.
#include "directory/record_update.h"

#include <gmock/gmock.h>

#include "base/limits.h"
#include "directory/service_fixture.h"
#include "directory/user_diff.h"

namespace muster::directory {
namespace {

using testing::Cells;
using ::testing::ElementsAre;
using testing::kAdmin;
using testing::kClinical;
using testing::kDomainOnly;
using testing::kDomainSystem;
using testing::kFirstAdmin;
using testing::kOwner;
using testing::kQuality;
using testing::make_member;
using testing::make_user;

class RecordUpdateTest : public testing::ServiceTest {
 protected:
  [[nodiscard]] std::string memberships(std::int32_t id) {
    return field_text(*load(id), FieldId::kVaultMembership, *testing::small_domain());
  }
  [[nodiscard]] std::string licensing(std::int32_t id) {
    return field_text(*load(id), FieldId::kAppLicensing, *testing::small_domain());
  }
  [[nodiscard]] std::string set(UserId who, std::string_view field, std::string_view text) {
    return update_one(who, {{"id", "25001"}, {field, text}});
  }
};

// vault_membership (2.6)

TEST_F(RecordUpdateTest, MembershipMergesAndKeepsWhatIsNotNamed) {
  struct Row {
    const char* before;
    const char* text;
    const char* after;
  };
  const Row rows[] = {
      // A new one gets the defaults.
      {"", "3003", "3003:true:document_user__v:full__v"},
      {"", "3003:false", "3003:false:document_user__v:full__v"},
      {"", "3003::vault_owner__v", "3003:true:vault_owner__v:full__v"},
      {"", "3003:::read_only__v", "3003:true:document_user__v:read_only__v"},
      // An existing one keeps what is omitted.
      {"3003:true:business_admin__v:external__v", "3003:false",
       "3003:false:business_admin__v:external__v"},
      {"3003:false:business_admin__v:external__v", "3003",
       "3003:false:business_admin__v:external__v"},
      {"3003:false:business_admin__v:external__v", "3003::external_user__v",
       "3003:false:external_user__v:external__v"},
      {"3003:false:business_admin__v:external__v",
       "3003:true:::", "3003:false:business_admin__v:external__v"},  // five parts: refused
      // Vaults that are not named stay.
      {"4112:false:external_user__v:external__v", "3003:true",
       "3003:true:document_user__v:full__v;4112:false:external_user__v:external__v"},
      {"3003:true:document_user__v:full__v;4112:true:document_user__v:full__v",
       "4112:false,3003:::external__v",
       "3003:true:document_user__v:external__v;4112:false:document_user__v:full__v"},
  };
  for (const Row& row : rows) {
    auto user = make_user(25001);
    ASSERT_TRUE(
        set_field_text(*user, FieldId::kVaultMembership, row.before, *testing::small_domain()));
    add(user);
    const std::string outcome = set(kFirstAdmin, "vault_membership", row.text);
    EXPECT_EQ(memberships(25001), row.after) << row.text << ": " << outcome;
  }
}

TEST_F(RecordUpdateTest, MembershipNeedsRightsInEachNamedVault) {
  add(make_member(25001, kQuality));
  EXPECT_EQ(set(kOwner, "vault_membership", "3003:false;4112:true"),
            "25001 INSUFFICIENT_ACCESS No administrative access to vault [4112].");
  EXPECT_EQ(memberships(25001), "3003:true:document_user__v:full__v");
  EXPECT_EQ(set(kDomainSystem, "vault_membership", "3003:false;4112:true"), "25001 changed");
}

TEST_F(RecordUpdateTest, OnlyAVaultOwnerMakesOrChangesVaultOwners) {
  add(make_member(25001, kQuality));
  add(make_member(25002, kQuality, kVaultOwner));
  const std::string refusal =
      " INSUFFICIENT_ACCESS Only a Vault Owner may grant or change the membership of a Vault Owner "
      "in vault [3003].";
  EXPECT_EQ(set(kAdmin, "vault_membership", "3003:true:vault_owner__v"), "25001" + refusal);
  for (const Cells& record :
       {Cells{{"id", "25002"}, {"vault_membership", "3003:false"}},
        Cells{{"id", "25002"}, {"active__v", "false"}},
        Cells{{"id", "25002"}, {"license_type__v", "external__v"}},
        Cells{{"id", "25002"}, {"vault_membership", "3003::document_user__v"}}}) {
    EXPECT_EQ(update_one(kAdmin, record), "25002" + refusal);
  }
  // What changes nothing needs no right; other fields of an owner are open.
  EXPECT_EQ(update_one(kAdmin, {{"id", "25002"},
                                {"vault_membership", "3003:true:vault_owner__v:full__v"},
                                {"user_title__v", "Owner"}}),
            "25002 changed");
  EXPECT_EQ(set(kAdmin, "vault_membership", "3003:true:system_admin__v"), "25001 changed");
  EXPECT_EQ(set(kOwner, "vault_membership", "3003:true:vault_owner__v"), "25001 changed");
  EXPECT_EQ(update_one(kOwner, {{"id", "25002"}, {"active__v", "false"}}), "25002 changed");
}

TEST_F(RecordUpdateTest, NoActiveMembershipWhileDisabledInTheDomain) {
  auto user = make_user(25001);
  user->domain_active = false;
  user->set_membership({.vault_id = kQuality, .active = false});
  add(user);
  const std::string refusal =
      "25001 OPERATION_NOT_ALLOWED The account is disabled in the domain, so it cannot be active "
      "in "
      "vault ";
  EXPECT_EQ(set(kFirstAdmin, "vault_membership", "3003:true"), refusal + "[3003].");
  EXPECT_EQ(set(kFirstAdmin, "vault_membership", "4112"), refusal + "[4112].");
  EXPECT_EQ(set(kFirstAdmin, "active__v", "true"), refusal + "[3003].");
  EXPECT_EQ(set(kFirstAdmin, "vault_membership", "3003::external_user__v;4112:false"),
            "25001 changed");
  // The same record may enable the account: that comes first.
  EXPECT_EQ(update_one(
                kFirstAdmin,
                {{"id", "25001"}, {"vault_membership", "3003:true"}, {"domain_active__v", "true"}}),
            "25001 changed");
  EXPECT_EQ(memberships(25001),
            "3003:true:external_user__v:full__v;4112:false:document_user__v:full__v");
}

// active__v, license_type__v, security_profile (2.7)

TEST_F(RecordUpdateTest, ActiveAndLicenseMeanTheSessionVault) {
  auto user = make_member(25001, kQuality);
  user->set_membership({.vault_id = kClinical});
  add(user);
  EXPECT_EQ(
      update_one(kFirstAdmin,
                 {{"id", "25001"}, {"active__v", "FALSE"}, {"license_type__v", "learner_user__v"}}),
      "25001 changed");
  EXPECT_EQ(memberships(25001),
            "3003:false:document_user__v:learner_user__v;4112:true:document_user__v:full__v");
}

TEST_F(RecordUpdateTest, LicenseIsForMembersOnly) {
  add(make_member(25001, kClinical));
  const std::string refusal =
      "25001 OPERATION_NOT_ALLOWED User [25001] is not a member of vault [3003].";
  EXPECT_EQ(set(kFirstAdmin, "license_type__v", "full__v"), refusal);
  EXPECT_EQ(update_one(kFirstAdmin,
                       {{"id", "25001"}, {"license_type__v", "full__v"}, {"active__v", "false"}}),
            refusal);
  EXPECT_EQ(update_one(kFirstAdmin,
                       {{"id", "25001"}, {"vault_membership", "3003"}, {"active__v", "true"}}),
            "25001 changed");
}

TEST_F(RecordUpdateTest, ActivatingMakesAMember) {
  add(make_member(25001, kClinical));
  EXPECT_EQ(set(kFirstAdmin, "active__v", "false"), "25001 unchanged");
  EXPECT_EQ(memberships(25001), "4112:true:document_user__v:full__v");
  EXPECT_EQ(set(kFirstAdmin, "active__v", "true"), "25001 changed");
  EXPECT_EQ(memberships(25001),
            "3003:true:document_user__v:full__v;4112:true:document_user__v:full__v");

  add(make_member(25002, kClinical));
  EXPECT_EQ(
      update_one(kFirstAdmin,
                 {{"id", "25002"}, {"active__v", "true"}, {"license_type__v", "external__v"}}),
      "25002 changed");
  EXPECT_EQ(memberships(25002),
            "3003:true:document_user__v:external__v;4112:true:document_user__v:full__v");

  add(make_user(25003));
  EXPECT_EQ(update_one(kDomainOnly, {{"id", "25003"}, {"active__v", "true"}}),
            "25003 INSUFFICIENT_ACCESS No administrative access to vault [3003].");
}

TEST_F(RecordUpdateTest, SendingBackWhatIsSoTakesNoRights) {
  auto user = make_member(25001, kQuality);
  user->set_membership({.vault_id = kClinical, .profile = kVaultOwner});
  user->set_app_license({.vault_id = kClinical, .application = "exampleDocs_v"});
  add(user);
  const Cells extract = {
      {"id", "25001"},
      {"vault_membership", "3003:true:document_user__v:full__v;4112:true:vault_owner__v:full__v"},
      {"app_licensing", "4112|exampleDocs_v:true:full__v"}};
  EXPECT_EQ(update_one(kOwner, extract), "25001 unchanged");
  EXPECT_EQ(set(kOwner, "vault_membership", "4112:false"),
            "25001 INSUFFICIENT_ACCESS No administrative access to vault [4112].");
  EXPECT_EQ(set(kOwner, "app_licensing", "4112|exampleDocs_v:false"),
            "25001 INSUFFICIENT_ACCESS No administrative access to vault [4112].");
}

TEST_F(RecordUpdateTest, ContradictionWithVaultMembership) {
  add(make_member(25001, kQuality));
  EXPECT_EQ(update_one(kOwner, {{"id", "25001"},
                                {"vault_membership", "3003:true::external__v"},
                                {"active__v", "false"},
                                {"license_type__v", "full__v"}}),
            "25001 INVALID_DATA Field [active__v] contradicts field [vault_membership]."
            " | INVALID_DATA Field [license_type__v] contradicts field [vault_membership].");
  EXPECT_EQ(update_one(kOwner, {{"id", "25001"},
                                {"vault_membership", "3003:false"},
                                {"active__v", "false"},
                                {"license_type__v", "external__v"}}),
            "25001 changed");
  EXPECT_EQ(memberships(25001), "3003:false:document_user__v:external__v");
}

TEST_F(RecordUpdateTest, SecurityProfileIsComparedOnly) {
  add(make_member(25001, kQuality));
  const std::string refusal =
      "25001 ATTRIBUTE_NOT_SUPPORTED Field [security_profile__v] is not supported by this call; "
      "use "
      "[vault_membership].";
  for (const char* name : {"security_profile", "security_profile__v"}) {
    EXPECT_EQ(set(kOwner, name, "document_user__v"), "25001 unchanged");
    EXPECT_EQ(set(kOwner, name, ""), "25001 unchanged");
    EXPECT_EQ(set(kOwner, name, "vault_owner__v"), refusal);
    EXPECT_EQ(set(kOwner, name, "no_such_profile"), refusal);
  }
  add(make_member(25001, kClinical));
  EXPECT_EQ(set(kFirstAdmin, "security_profile", "document_user__v"), refusal);
}

// read-only fields (2.7)

TEST_F(RecordUpdateTest, ReadOnlyFieldsMustSayWhatIsStored) {
  auto user = make_member(25001, kQuality);
  user->set_membership({.vault_id = kClinical, .active = false});
  add(user);
  const std::string created = field_text(*user, FieldId::kCreatedDate, *testing::small_domain());
  for (const auto& [name, text] : Cells{{"created_date__v", created},
                                        {"created_by__v", "1"},
                                        {"domain_id__v", "76"},
                                        {"vault_id__v", "[4112, 3003]"},
                                        {"vault_id__v", "3003"},
                                        {"created_by__v", ""}}) {
    EXPECT_EQ(set(kFirstAdmin, name, text), "25001 unchanged") << name << text;
  }
  for (const auto& [name, text] : Cells{{"created_date__v", "2024-03-01T08:00:00.000Z"},
                                        {"created_by__v", "2"},
                                        {"domain_id__v", "77"},
                                        {"vault_id__v", "4112"},
                                        {"vault_id__v", "3003,4112,5001"}}) {
    EXPECT_EQ(set(kFirstAdmin, name, text),
              "25001 INVALID_DATA Field [" + std::string(name) + "] is not editable.");
  }
}

// domain_active__v (2.8)

TEST_F(RecordUpdateTest, DomainActiveIsForDomainAdmins) {
  add(make_member(25001, kQuality));
  EXPECT_EQ(set(kOwner, "domain_active__v", "false"),
            "25001 INSUFFICIENT_ACCESS Only a Domain Admin may change field [domain_active__v].");
  EXPECT_EQ(set(kOwner, "domain_active__v", "true"), "25001 unchanged");
}

TEST_F(RecordUpdateTest, DisablingSwitchesOffEveryMembershipForGood) {
  auto user = make_member(25001, kQuality, kBusinessAdmin);
  user->set_membership({.vault_id = kClinical, .license = LicenseType::kExternal});
  add(user);
  EXPECT_EQ(set(kFirstAdmin, "domain_active__v", "false"), "25001 changed");
  EXPECT_EQ(memberships(25001),
            "3003:false:business_admin__v:full__v;4112:false:document_user__v:external__v");
  EXPECT_EQ(set(kFirstAdmin, "domain_active__v", "true"), "25001 changed");
  EXPECT_TRUE(load(25001)->domain_active);
  EXPECT_EQ(memberships(25001),
            "3003:false:business_admin__v:full__v;4112:false:document_user__v:external__v");
}

TEST_F(RecordUpdateTest, DisablingEndsAllSessionsOfTheUser) {
  add(make_member(25001, kQuality));
  add(make_member(25002, kQuality));
  const auto session_of = [](std::uint8_t number, std::int32_t user) {
    Session session;
    session.id_hash.fill(number);
    session.user_id = UserId{user};
    session.vault_id = kQuality;
    return session;
  };
  ASSERT_TRUE(store_.write({}, [&](Transaction& tx) -> Result<void> {
    for (const Session& session :
         {session_of(1, 25001), session_of(2, 25001), session_of(3, 25002)}) {
      if (auto put = tx.put_session(session); !put) return put;
    }
    return {};
  }));
  EXPECT_EQ(set(kFirstAdmin, "domain_active__v", "false"), "25001 changed");
  EXPECT_EQ(update_one(kFirstAdmin, {{"id", "25002"}, {"active__v", "false"}}), "25002 changed");
  ASSERT_TRUE(store_.read([&](Reader& reader) -> Result<void> {
    EXPECT_FALSE(reader.find_session(session_of(1, 25001).id_hash).value().has_value());
    EXPECT_FALSE(reader.find_session(session_of(2, 25001).id_hash).value().has_value());
    EXPECT_TRUE(reader.find_session(session_of(3, 25002).id_hash).value().has_value());
    return {};
  }));
}

TEST_F(RecordUpdateTest, NobodyDisablesItself) {
  EXPECT_EQ(update_one(kFirstAdmin, {{"id", "20001"}, {"domain_active__v", "false"}}),
            "20001 OPERATION_NOT_ALLOWED A caller may not disable its own account.");
}

// is_domain_admin__v (2.9)

TEST_F(RecordUpdateTest, DomainAdminIsGivenAndTakenByDomainAdmins) {
  add(make_member(25001, kQuality));
  EXPECT_EQ(set(kOwner, "is_domain_admin__v", "true"),
            "25001 INSUFFICIENT_ACCESS Only a Domain Admin may change field [is_domain_admin__v].");
  EXPECT_EQ(set(kFirstAdmin, "is_domain_admin__v", "true"), "25001 changed");
  EXPECT_TRUE(load(25001)->is_domain_admin);
  EXPECT_EQ(set(kFirstAdmin, "is_domain_admin__v", "false"), "25001 changed");
}

// Domain Admins are counted record by record.
class LastDomainAdminTest : public RecordUpdateTest {
 protected:
  LastDomainAdminTest() {
    for (const UserId id : {kFirstAdmin, kDomainOnly}) {
      auto plain = std::make_shared<User>(*load(id));
      plain->is_domain_admin = false;
      add(plain);
    }
    add(make_member(25001, kQuality));
  }
  const std::string refusal_ =
      "20004 OPERATION_NOT_ALLOWED A domain needs at least one Domain Admin.";
};

TEST_F(LastDomainAdminTest, TheLastOneStays) {
  EXPECT_EQ(update_one(kDomainSystem, {{"id", "20004"}, {"is_domain_admin__v", "false"}}),
            refusal_);
  EXPECT_TRUE(load(kDomainSystem)->is_domain_admin);
}

TEST_F(LastDomainAdminTest, ASwapNamesTheNewOneFirst) {
  const Cells give = {{"id", "25001"}, {"is_domain_admin__v", "true"}};
  const Cells take = {{"id", "20004"}, {"is_domain_admin__v", "false"}};
  EXPECT_THAT(update(kDomainSystem, {take, give}), ElementsAre(refusal_, "25001 changed"));
  EXPECT_THAT(update(kDomainSystem, {take, give}), ElementsAre("20004 changed", "25001 unchanged"));
}

TEST_F(LastDomainAdminTest, ANewOneWhoseRecordFailsDoesNotCount) {
  EXPECT_THAT(
      update(kDomainSystem, {{{"id", "25001"}, {"is_domain_admin__v", "true"}, {"active__v", "1"}},
                             {{"id", "20004"}, {"is_domain_admin__v", "false"}}}),
      ElementsAre("25001 INVALID_DATA Invalid value [1] for field [active__v].", refusal_));
}

TEST_F(LastDomainAdminTest, DisabledOnesDoNotCount) {
  auto disabled = make_user(25002);
  disabled->is_domain_admin = true;
  disabled->domain_active = false;
  add(disabled);
  EXPECT_EQ(update_one(kDomainSystem, {{"id", "20004"}, {"is_domain_admin__v", "false"}}),
            refusal_);
  EXPECT_EQ(update_one(kDomainSystem, {{"id", "25002"}, {"is_domain_admin__v", "false"}}),
            "25002 changed");
}

TEST_F(LastDomainAdminTest, OneOfTwoMayBeDisabledAndThenTheOtherMayNotGo) {
  auto second = make_member(25002, kQuality);
  second->is_domain_admin = true;
  add(second);
  EXPECT_THAT(update(kDomainSystem, {{{"id", "25002"}, {"domain_active__v", "false"}},
                                     {{"id", "20004"}, {"is_domain_admin__v", "false"}}}),
              ElementsAre("25002 changed", refusal_));
}

// user_name__v (2.10)

TEST_F(RecordUpdateTest, UserNamesStayInTheirDomain) {
  add(make_member(25001, kQuality));
  EXPECT_EQ(set(kOwner, "user_name__v", "Nadia.Brandt@EXAMPLE.com"), "25001 changed");
  EXPECT_EQ(load(25001)->user_name(), "Nadia.Brandt@EXAMPLE.com");
  EXPECT_EQ(set(kOwner, "user_name__v", "nadia@partner.example.org"),
            "25001 INVALID_DATA User name [nadia@partner.example.org] must end in @EXAMPLE.com.");

  auto guest = make_member(25002, kQuality);
  guest->set_text(FieldId::kUserName, "guest@partner.example.org");
  add(guest);
  EXPECT_EQ(update_one(kOwner, {{"id", "25002"}, {"user_name__v", "visitor@partner.example.org"}}),
            "25002 changed");
  EXPECT_EQ(update_one(kOwner, {{"id", "25002"}, {"user_name__v", "visitor@example.com"}}),
            "25002 INVALID_DATA User name [visitor@example.com] must end in @partner.example.org.");
}

TEST_F(RecordUpdateTest, UserNamesAreUniqueInAnyCase) {
  add(make_member(25001, kQuality));
  add(make_member(25002, kClinical));
  EXPECT_EQ(set(kOwner, "user_name__v", "USER25002@example.com"),
            "25001 INVALID_DATA User name [USER25002@example.com] is used by another user.");
  EXPECT_EQ(set(kOwner, "user_name__v", "USER25001@example.com"), "25001 changed");
}

TEST_F(RecordUpdateTest, UserNamesAreJudgedInInputOrder) {
  for (const std::int32_t id : {25001, 25002, 25003}) add(make_member(id, kQuality));
  const auto rename = [](const char* id, const char* name) {
    return Cells{{"id", id}, {"user_name__v", name}};
  };
  // A swap fails in its first record, and so in the second.
  EXPECT_THAT(
      update(kOwner,
             {rename("25001", "user25002@example.com"), rename("25002", "user25001@example.com")}),
      ElementsAre("25001 INVALID_DATA User name [user25002@example.com] is used by another user.",
                  "25002 INVALID_DATA User name [user25001@example.com] is used by another user."));
  // A name an earlier record gave up is free; one an earlier record took is not.
  EXPECT_THAT(
      update(kOwner, {rename("25001", "new@example.com"), rename("25002", "User25001@example.com"),
                      rename("25003", "NEW@example.com")}),
      ElementsAre("25001 changed", "25002 changed",
                  "25003 INVALID_DATA User name [NEW@example.com] is used by another user."));
  EXPECT_EQ(load(25002)->user_name(), "User25001@example.com");
}

TEST_F(RecordUpdateTest, ANameAFailedRecordAskedForStaysFree) {
  for (const std::int32_t id : {25001, 25002}) add(make_member(id, kQuality));
  EXPECT_THAT(update(kOwner, {{{"id", "25001"}, {"user_name__v", "new@example.com"}, {"fax", "1"}},
                              {{"id", "25002"}, {"user_name__v", "new@example.com"}}}),
              ElementsAre("25001 ATTRIBUTE_NOT_SUPPORTED Unknown field [fax].", "25002 changed"));
}

// federated_id__v (2.11)

TEST_F(RecordUpdateTest, FederatedIdsAreUniqueAndExact) {
  for (const std::int32_t id : {25001, 25002, 25003}) add(make_member(id, kQuality));
  const auto federate = [](const char* id, const char* text) {
    return Cells{{"id", id}, {"federated_id__v", text}};
  };
  EXPECT_THAT(update(kOwner, {federate("25001", "e-1"), federate("25002", "e-1"),
                              federate("25003", "E-1")}),
              ElementsAre("25001 changed",
                          "25002 FEDERATED_ID_ALREADY_EXISTS Federated ID [e-1] is used by another "
                          "user.",
                          "25003 changed"));
  EXPECT_THAT(
      update(kOwner, {federate("25001", ""), federate("25002", "e-1"), federate("25003", "")}),
      ElementsAre("25001 changed", "25002 changed", "25003 changed"));
}

// other account fields

TEST_F(RecordUpdateTest, APolicyMustBeActiveUnlessItIsTheStoredOne) {
  add(make_member(25001, kQuality));
  EXPECT_EQ(set(kOwner, "security_policy_id__v", "823"),
            "25001 INVALID_DATA Invalid value [823] for field [security_policy_id__v].");
  EXPECT_EQ(set(kOwner, "security_policy_id__v", "822"), "25001 changed");
  EXPECT_EQ(load(25001)->security_policy_id, testing::kStrongPolicy);

  auto retired = make_member(25001, kQuality);
  retired->security_policy_id = testing::kRetiredPolicy;
  add(retired);
  EXPECT_EQ(set(kOwner, "security_policy_id__v", "823"), "25001 unchanged");
}

TEST_F(RecordUpdateTest, EveryTextFieldIsWritten) {
  add(make_member(25001, kQuality));
  const std::pair<FieldId, Cells> rows[] = {
      {FieldId::kUserName, {{"user_name__v", "a@example.com"}}},
      {FieldId::kFirstName, {{"user_first_name__v", "A"}}},
      {FieldId::kLastName, {{"user_last_name__v", "B"}}},
      {FieldId::kAlias, {{"alias__v", "ab"}}},
      {FieldId::kEmail, {{"user_email__v", "a@b"}}},
      {FieldId::kTimezone, {{"user_timezone__v", "Africa/Accra"}}},
      {FieldId::kLocale, {{"user_locale__v", "pt_BR"}}},
      {FieldId::kTitle, {{"user_title__v", "T"}}},
      {FieldId::kOfficePhone, {{"office_phone__v", "1"}}},
      {FieldId::kFax, {{"fax__v", "2"}}},
      {FieldId::kMobilePhone, {{"mobile_phone__v", "3"}}},
      {FieldId::kSite, {{"site__v", "S"}}},
      {FieldId::kFederatedId, {{"federated_id__v", "F"}}},
      {FieldId::kSalesforceUserName, {{"salesforce_user_name__v", "SF"}}},
      {FieldId::kMedidataUuid, {{"medidata_uuid__v", "M"}}},
      {FieldId::kLanguage, {{"user_language__v", "ja"}}},
      {FieldId::kCompany, {{"company__v", "C"}}},
  };
  Cells record = {{"id", "25001"}};
  for (const auto& [id, cells] : rows) record.push_back(cells.front());
  EXPECT_EQ(update_one(kOwner, record), "25001 changed");
  for (const auto& [id, cells] : rows) EXPECT_EQ(load(25001)->text(id), cells.front().second);
  EXPECT_EQ(set(kOwner, "user_needs_to_change_password__v", "true"), "25001 changed");
  EXPECT_TRUE(load(25001)->needs_to_change_password);
}

// app_licensing (3.5)

TEST_F(RecordUpdateTest, ApplicationLicenses) {
  add(make_member(25001, kQuality));
  EXPECT_EQ(set(kOwner, "app_licensing", "3003|exampleQms_v|exampleDocs_v:false:read_only__v"),
            "25001 changed");
  EXPECT_EQ(licensing(25001), "3003|exampleDocs_v:false:read_only__v|exampleQms_v:true:full__v");
  EXPECT_EQ(set(kOwner, "app_licensing", "3003|exampleDocs_v:true"), "25001 changed");
  EXPECT_EQ(licensing(25001), "3003|exampleDocs_v:true:read_only__v|exampleQms_v:true:full__v");
  EXPECT_EQ(set(kOwner, "app_licensing", "3003|exampleDocs_v"), "25001 unchanged");
}

TEST_F(RecordUpdateTest, ApplicationLicensesThatAreRefused) {
  auto user = make_member(25001, kQuality);
  user->set_membership({.vault_id = kQuality, .license = LicenseType::kExternal});
  add(user);
  EXPECT_EQ(set(kFirstAdmin, "app_licensing", "4112|a"),
            "25001 OPERATION_NOT_ALLOWED User [25001] is not a member of vault [4112].");
  EXPECT_EQ(set(kOwner, "app_licensing", "4112|a"),
            "25001 INSUFFICIENT_ACCESS No administrative access to vault [4112].");
  EXPECT_EQ(set(kOwner, "app_licensing", "3003|a"),
            "25001 INVALID_DATA The license of application [a] permits more than the one of its "
            "vault.");
  EXPECT_EQ(set(kOwner, "app_licensing", "3003|a::learner_user__v|b::read_only__v"),
            "25001 changed");
}

TEST_F(RecordUpdateTest, AVaultLicenseStaysAboveTheApplications) {
  auto user = make_member(25001, kQuality);
  user->set_app_license({.vault_id = kQuality, .application = "a"});
  user->set_app_license(
      {.vault_id = kQuality, .application = "b", .license = LicenseType::kReadOnly});
  add(user);
  const std::string refusal =
      "25001 INVALID_DATA The license of application [a] permits more than the one of its vault.";
  EXPECT_EQ(set(kOwner, "vault_membership", "3003:::read_only__v"), refusal);
  EXPECT_EQ(set(kOwner, "license_type__v", "external__v"), refusal);
  EXPECT_EQ(update_one(kOwner, {{"id", "25001"},
                                {"license_type__v", "external__v"},
                                {"app_licensing", "3003|a::full__v"}}),
            refusal);
  EXPECT_EQ(update_one(kOwner, {{"id", "25001"},
                                {"license_type__v", "external__v"},
                                {"app_licensing", "3003|a::external__v"}}),
            "25001 changed");
}

TEST_F(RecordUpdateTest, AnOldImbalanceOfLicensesDoesNotBlockOtherChanges) {
  auto user = make_user(25001);
  user->set_membership({.vault_id = kQuality, .license = LicenseType::kReadOnly});
  user->set_app_license({.vault_id = kQuality, .application = "a"});
  add(user);
  EXPECT_EQ(set(kOwner, "user_title__v", "Analyst"), "25001 changed");
  EXPECT_EQ(set(kOwner, "active__v", "false"), "25001 changed");
}

TEST_F(RecordUpdateTest, ApplicationLicensesOfAUserAreLimited) {
  auto user = make_member(25001, kQuality);
  for (std::size_t i = 0; i < limits::kAppLicensesMax; ++i) {
    user->set_app_license({.vault_id = kQuality, .application = "a" + std::to_string(i)});
  }
  add(user);
  EXPECT_EQ(set(kOwner, "app_licensing", "3003|more"),
            "25001 INVALID_DATA More than 100 application licenses.");
  EXPECT_EQ(set(kOwner, "app_licensing", "3003|a7:false"), "25001 changed");
}

// delegated sessions (2.13, 4.8)

TEST_F(RecordUpdateTest, ADelegateActsWithTheDelegatorsRightsButOnNeitherAccount) {
  add(make_member(25001, kQuality));
  add(make_member(25002, kQuality));
  Caller delegated = caller(kOwner);
  delegated.delegate = load(25001);
  EXPECT_THAT(
      update(delegated, {{{"id", "20002"}, {"user_title__v", "x"}},
                         {{"id", "25001"}, {"user_title__v", "x"}},
                         {{"id", "25002"}, {"user_title__v", "x"}}}),
      ElementsAre("20002 OPERATION_NOT_ALLOWED A delegated session may not change the account "
                  "it acts for.",
                  "25001 INSUFFICIENT_ACCESS A delegated session may not change the account of "
                  "who acts in it.",
                  "25002 changed"));
  EXPECT_EQ(load(25002)->modified_by, UserId{25001});
}

TEST_F(RecordUpdateTest, ADelegateDoesNotRaiseItselfByAnyCall) {
  add(make_member(25001, kClinical));
  Caller delegated = caller(kFirstAdmin);
  delegated.delegate = load(25001);
  const std::string name = "user25001@example.com";
  const auto refused = ::testing::HasSubstr("INSUFFICIENT_ACCESS");
  const BatchRules joins{.single = true, .any_account = true};
  const BatchRules creates{.operation = BatchOperation::kCreate, .key = FieldId::kUserName};
  const BatchRules upserts{.operation = BatchOperation::kUpsert, .key = FieldId::kUserName};
  EXPECT_THAT(update(delegated, {{{"id", "25001"}, {"is_domain_admin__v", "true"}}}),
              ElementsAre(refused));
  EXPECT_THAT(update(delegated, {{{"id", "25001"}, {"vault_membership", "3003"}}}, joins),
              ElementsAre(refused));
  for (const BatchRules& rules : {creates, upserts}) {
    EXPECT_THAT(update(delegated, {{{"user_name__v", name}, {"vault_membership", "3003"}}}, rules),
                ElementsAre(refused));
  }
  EXPECT_FALSE(load(25001)->is_domain_admin);
  EXPECT_EQ(load(25001)->membership(kQuality), nullptr);
}

}  // namespace
}  // namespace muster::directory
