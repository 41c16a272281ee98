// The two grammars of memberships and application licenses.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "directory/app_licensing_text.h"
#include "directory/membership_text.h"
#include "directory/testing.h"

namespace muster::directory {
namespace {

using testing::kClinical;
using testing::kQuality;

// One membership patch as text, '-' for an absent part.
std::string text_of(const MembershipPatch& patch, const Domain& domain) {
  std::string text = to_string(patch.vault_id) + ' ';
  text += patch.active ? (*patch.active ? "true" : "false") : "-";
  text += ' ';
  text += patch.profile ? domain.profile_name(*patch.profile) : "-";
  text += ' ';
  text += patch.license ? std::string(license_name(*patch.license)) : "-";
  return text;
}

std::string parsed_memberships(std::string_view text) {
  const DomainPtr domain = testing::small_domain();
  std::vector<MembershipPatch> patches;
  std::string result;
  for (const Error& error : parse_memberships(text, *domain, patches)) {
    result += std::string(wire_name(error.type)) + ' ' + error.message;
  }
  if (!result.empty()) return result;
  for (const MembershipPatch& patch : patches) {
    result += (result.empty() ? "" : " | ") + text_of(patch, *domain);
  }
  return result;
}

struct Row {
  const char* text;
  const char* meaning;
};

TEST(MembershipText, Grammar) {
  const Row rows[] = {
      {"3003:true:system_admin__v:full__v", "3003 true system_admin__v full__v"},
      {"3003", "3003 - - -"},
      {"3003:FALSE", "3003 false - -"},
      {"3003:True", "3003 true - -"},
      {"3003::vault_owner__v", "3003 - vault_owner__v -"},
      {"3003:::external__v", "3003 - - external__v"},
      {"3003:true:author__c", "3003 true author__c -"},
      {"3003:::", "3003 - - -"},
      {" 3003 : true ", "3003 true - -"},
      {"3003:true;4112:false", "3003 true - - | 4112 false - -"},
      {"3003:true , 4112", "3003 true - - | 4112 - - -"},
      {"3003;4112,5001", "3003 - - - | 4112 - - - | 5001 - - -"},
  };
  for (const Row& row : rows) EXPECT_EQ(parsed_memberships(row.text), row.meaning) << row.text;
}

TEST(MembershipText, Errors) {
  const Row rows[] = {
      {"9999:true", "INVALID_DATA Unknown vault [9999] in field [vault_membership]."},
      {"quality", "INVALID_DATA Invalid value [quality] in field [vault_membership]."},
      {"-3003", "INVALID_DATA Invalid value [-3003] in field [vault_membership]."},
      {":true", "INVALID_DATA Invalid value [:true] in field [vault_membership]."},
      {"3003;", "INVALID_DATA Invalid value [] in field [vault_membership]."},
      {"3003:maybe", "INVALID_DATA Invalid value [3003:maybe] in field [vault_membership]."},
      {"3003:1", "INVALID_DATA Invalid value [3003:1] in field [vault_membership]."},
      {"3003:true:boss__v",
       "INVALID_DATA Unknown security profile [boss__v] in field [vault_membership]."},
      {"3003:true::gold__v",
       "INVALID_DATA Unknown license type [gold__v] in field [vault_membership]."},
      {"3003:true:vault_owner__v:full__v:x",
       "INVALID_DATA More than four parts [3003:true:vault_owner__v:full__v:x] in field "
       "[vault_membership]."},
      {"3003:true;03003:false", "INVALID_DATA Repeated vault [3003] in field [vault_membership]."},
      {"3003:x;9",
       "INVALID_DATA Invalid value [3003:x] in field [vault_membership]."
       "INVALID_DATA Unknown vault [9] in field [vault_membership]."},
  };
  for (const Row& row : rows) EXPECT_EQ(parsed_memberships(row.text), row.meaning) << row.text;
}

TEST(MembershipText, AHostileListEndsEarly) {
  std::vector<MembershipPatch> patches;
  const std::string text(60'000, ';');
  EXPECT_EQ(parse_memberships(text, *testing::small_domain(), patches).size(),
            limits::kRecordErrorsMax);
}

std::string parsed_licensing(std::string_view text) {
  std::vector<AppLicensePatch> patches;
  std::string result;
  for (const Error& error : parse_app_licensing(text, *testing::small_domain(), patches)) {
    result += std::string(wire_name(error.type)) + ' ' + error.message;
  }
  if (!result.empty()) return result;
  for (const AppLicensePatch& patch : patches) {
    if (!result.empty()) result += " | ";
    result += to_string(patch.vault_id) + ' ' + std::string(patch.application) + ' ';
    result += patch.active ? (*patch.active ? "true" : "false") : "-";
    result += ' ';
    result += patch.license ? std::string(license_name(*patch.license)) : "-";
  }
  return result;
}

TEST(AppLicensingText, Grammar) {
  const Row rows[] = {
      {"3003|exampleQms_v:true:full__v|exampleDocs_v::read_only__v;4112|exampleDocs_v",
       "3003 exampleQms_v true full__v | 3003 exampleDocs_v - read_only__v | 4112 exampleDocs_v - "
       "-"},
      {"3003|a:FALSE", "3003 a false -"},
      {" 3003 | a : true : external__v ; 4112 | b ", "3003 a true external__v | 4112 b - -"},
      {"3003|a;3003|b", "3003 a - - | 3003 b - -"},
  };
  for (const Row& row : rows) EXPECT_EQ(parsed_licensing(row.text), row.meaning) << row.text;
}

TEST(AppLicensingText, Errors) {
  const Row rows[] = {
      {"4114rimReg_v", "INVALID_DATA Invalid value [4114rimReg_v] in field [app_licensing]."},
      {"3003", "INVALID_DATA Invalid value [3003] in field [app_licensing]."},
      {"3003|", "INVALID_DATA Invalid value [] in field [app_licensing]."},
      {"3003|a;", "INVALID_DATA Invalid value [] in field [app_licensing]."},
      {"9|a", "INVALID_DATA Unknown vault [9] in field [app_licensing]."},
      {"3003|a b", "INVALID_DATA Invalid value [a b] in field [app_licensing]."},
      {"3003|a:maybe", "INVALID_DATA Invalid value [a:maybe] in field [app_licensing]."},
      {"3003|a:true:gold__v",
       "INVALID_DATA Unknown license type [gold__v] in field [app_licensing]."},
      {"3003|a:true:full__v:x",
       "INVALID_DATA Invalid value [a:true:full__v:x] in field [app_licensing]."},
      {"3003|a|a:false", "INVALID_DATA Repeated application [a] in field [app_licensing]."},
  };
  for (const Row& row : rows) EXPECT_EQ(parsed_licensing(row.text), row.meaning) << row.text;
}

TEST(AppLicensingText, ANumberOfApplicationsIsTheLimit) {
  std::string text = "3003";
  for (std::size_t i = 0; i < limits::kAppLicensesMax; ++i) text += "|a" + std::to_string(i);
  std::vector<AppLicensePatch> patches;
  EXPECT_TRUE(parse_app_licensing(text, *testing::small_domain(), patches).empty());
  EXPECT_EQ(patches.size(), limits::kAppLicensesMax);

  for (const char* more : {"|more", "|more|evenmore;4112|x"}) {
    EXPECT_EQ(parsed_licensing(text + more),
              "INVALID_DATA More applications than [100] in field [app_licensing].");
  }
}

TEST(MembershipText, WrittenTextIsReadBack) {
  const DomainPtr domain = testing::small_domain();
  const Membership memberships[] = {
      {kQuality, kVaultOwner, LicenseType::kFull, true},
      {kClinical, ProfileIndex{7}, LicenseType::kReadOnly, false},
  };
  const std::string text = format_memberships(memberships, *domain);
  EXPECT_EQ(text, "3003:true:vault_owner__v:full__v;4112:false:author__c:read_only__v");
  EXPECT_EQ(parsed_memberships(text),
            "3003 true vault_owner__v full__v | 4112 false author__c read_only__v");
}

}  // namespace
}  // namespace muster::directory
