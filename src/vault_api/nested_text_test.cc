#include "vault_api/nested_text.h"

#include <gtest/gtest.h>

namespace muster::vault_api {
namespace {

using directory::FieldId;

std::string membership(std::string_view json) {
  const auto text = nested_text(FieldId::kVaultMembership, json);
  return text ? *text : "error: " + text.error().message;
}

std::string licensing(std::string_view json) {
  const auto text = nested_text(FieldId::kAppLicensing, json);
  return text ? *text : "error: " + text.error().message;
}

TEST(NestedMembership, ObjectsAsGetShowsThem) {
  EXPECT_EQ(membership(R"([{"id":3003,"active__v":true,"security_profile__v":"vault_owner__v",)"
                       R"("license_type__v":"full__v"},{"id":4112,"active__v":false}])"),
            "3003:true:vault_owner__v:full__v;4112:false::");
}

TEST(NestedMembership, VaultIdMayBeNamedEitherWayAndBeText) {
  EXPECT_EQ(membership(R"([{"vault_id":"3003"}])"), "3003:::");
  EXPECT_EQ(membership(R"([{"id":null,"vault_id":3003,"active__v":null}])"), "3003:::");
}

TEST(NestedMembership, TextsAndObjectsMayBeMixed) {
  EXPECT_EQ(membership(R"(["3003:true","4112", {"id":5001}])"), "3003:true;4112;5001:::");
  EXPECT_EQ(membership("[]"), "");
}

TEST(NestedMembership, WhatIsNoMembershipSaysWhy) {
  constexpr std::string_view kPrefix = "error: Invalid value for field [vault_membership]: ";
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"id":3003})", "text or an array is expected."},
      {"[3003]", "an element is neither text nor object."},
      {"[[]]", "an element is neither text nor object."},
      {"[null]", "an element is neither text nor object."},
      {R"([{"active__v":true}])", "[vault_id] is missing."},
      {R"([{"id":3003,"vault_id":3003}])", "[id] and [vault_id] name the vault twice."},
      {R"([{"id":3003,"role":"x"}])", "unknown key [role]."},
      {R"([{"id":{"value":3003}}])", "[id] takes a single value."},
      {R"([{"id":3003.5}])", "[id] takes a single value."},
      {R"([{"id":"3003:true;4112"}])", "[id] is [3003:true;4112]."},
      {R"([{"id":3003,"license_type__v":"full__v;4112"}])", "[license_type__v] is [full__v;4112]."},
  };
  for (const auto& [json, why] : cases) {
    EXPECT_EQ(membership(json), std::string(kPrefix) + std::string(why)) << json;
  }
}

TEST(NestedLicensing, ApplicationsAreGroupedByVault) {
  EXPECT_EQ(
      licensing(R"([{"vault_id":3003,"application_name":"qms_v","active__v":true,)"
                R"("license_type__v":"full__v"},{"vault_id":4112,"application_name":"docs_v"},)"
                R"({"vault_id":3003,"application_name":"docs_v","active__v":false}])"),
      "3003|qms_v:true:full__v|docs_v:false:;4112|docs_v::");
  EXPECT_EQ(licensing(R"(["3003|qms_v","4112|docs_v:true"])"), "3003|qms_v;4112|docs_v:true");
}

TEST(NestedLicensing, WhatIsNoLicenseSaysWhy) {
  EXPECT_EQ(licensing(R"([{"vault_id":3003}])"),
            "error: Invalid value for field [app_licensing]: [vault_id] or [application_name] is "
            "missing.");
  EXPECT_EQ(licensing(R"([{"vault_id":3003,"application_name":"a|b"}])"),
            "error: Invalid value for field [app_licensing]: [application_name] is [a|b].");
}

}  // namespace
}  // namespace muster::vault_api
