#include "directory/user_fields.h"

#include <gtest/gtest.h>

#include <string>

#include "base/text.h"

namespace muster::directory {
namespace {

TEST(UserFields, EveryRowIsFoundByItsName) {
  for (const Field& row : all_fields()) {
    EXPECT_EQ(find_field(row.name), &row) << row.name;
    EXPECT_EQ(&field(row.id), &row) << row.name;
  }
}

TEST(UserFields, NamesAreFoundInAnyCase) {
  EXPECT_EQ(find_field("USER_TITLE__V"), &field(FieldId::kTitle));
  EXPECT_EQ(find_field("Id"), &field(FieldId::kId));
}

TEST(UserFields, AliasOfTheBulkDocumentation) {
  EXPECT_EQ(find_field("security_profile"), &field(FieldId::kSecurityProfile));
}

TEST(UserFields, UnknownNames) {
  for (const char* name : {"", "nickname", "user_title__", "user_title__vv", "user title__v",
                           "a_name_far_longer_than_any_name_of_the_catalogue"}) {
    EXPECT_EQ(find_field(name), nullptr) << name;
  }
}

TEST(UserFields, NamesOfOtherCallsAreNoFields) {
  for (const char* name : {"file", "Domain", "password__v"}) {
    EXPECT_TRUE(belongs_to_another_call(name)) << name;
    EXPECT_EQ(find_field(name), nullptr) << name;
  }
  EXPECT_FALSE(belongs_to_another_call("user_title__v"));
}

TEST(UserFields, MetadataIsTheCatalogueWithoutItsLastThreeRows) {
  ASSERT_EQ(metadata_fields().size(), 33U);
  EXPECT_EQ(metadata_fields().front().name, "user_name__v");
  EXPECT_EQ(metadata_fields().back().name, "license_type__v");
  EXPECT_EQ(all_fields().size(), 36U);
}

struct Row {
  const char* name;
  const char* type;
  int length;
  const char* flags;  // E Q R M C as in the metadata table
  const char* object;
};

// The metadata table once more, in the form of the documentation.
const Row kDocumented[] = {
    {"user_name__v", "String", 255, "yyyny", ""},
    {"user_first_name__v", "String", 100, "yyyny", ""},
    {"user_last_name__v", "String", 100, "yyyny", ""},
    {"alias__v", "String", 40, "ynnny", ""},
    {"user_email__v", "String", 255, "yyyny", ""},
    {"user_timezone__v", "String", 255, "yyyny", ""},
    {"user_locale__v", "String", 10, "yyyny", ""},
    {"user_title__v", "String", 255, "yynny", ""},
    {"office_phone__v", "String", 20, "yynny", ""},
    {"fax__v", "String", 255, "yynny", ""},
    {"mobile_phone__v", "String", 20, "yynny", ""},
    {"site__v", "String", 255, "yynny", ""},
    {"is_domain_admin__v", "Boolean", 1, "yynny", ""},
    {"active__v", "Boolean", 1, "yynny", ""},
    {"domain_active__v", "Boolean", 1, "yynnn", ""},
    {"security_policy_id__v", "ObjectReference", 20, "yyyny", "securitypolicies"},
    {"user_needs_to_change_password__v", "Boolean", 1, "yynny", ""},
    {"id", "id", 20, "nyynn", "users"},
    {"created_date__v", "Calendar", 0, "nyynn", ""},
    {"created_by__v", "ObjectReference", 20, "nyynn", "users"},
    {"modified_date__v", "Calendar", 0, "nyynn", ""},
    {"modified_by__v", "ObjectReference", 20, "nyynn", "users"},
    {"domain_id__v", "ObjectReference", 20, "nyynn", "domains"},
    {"vault_id__v", "ObjectReference", 20, "nyyyn", "vaults"},
    {"federated_id__v", "String", 100, "yynny", ""},
    {"salesforce_user_name__v", "String", 255, "yynny", ""},
    {"last_login__v", "Calendar", 0, "nynnn", ""},
    {"medidata_uuid__v", "String", 255, "yynny", ""},
    {"user_language__v", "String", 10, "yyyny", ""},
    {"company__v", "String", 255, "yynny", ""},
    {"group_id__v", "ObjectReference", 20, "nnnyn", "groups"},
    {"security_profile__v", "ObjectReference", 40, "yynny", "Securityprofile"},
    {"license_type__v", "Picklist", 40, "yynny", ""},
};

TEST(UserFields, MetadataIsAsDocumented) {
  ASSERT_EQ(std::size(kDocumented), metadata_fields().size());
  for (std::size_t i = 0; i < std::size(kDocumented); ++i) {
    const Row& documented = kDocumented[i];
    const Field& row = metadata_fields()[i];
    EXPECT_EQ(row.name, documented.name);
    EXPECT_EQ(row.type, documented.type) << row.name;
    EXPECT_EQ(row.length, documented.length) << row.name;
    std::string flags;
    for (const bool flag :
         {row.editable, row.queryable, row.required, row.multivalue, row.on_create_editable}) {
      flags += flag ? 'y' : 'n';
    }
    EXPECT_EQ(flags, documented.flags) << row.name;
    EXPECT_EQ(row.object, documented.object) << row.name;
  }
  EXPECT_EQ(field(FieldId::kLicenseType).picklist, "license_type__v");
}

TEST(UserFields, TextFieldsComeInCatalogueOrder) {
  ASSERT_EQ(text_fields().size(), 17U);
  for (std::size_t i = 1; i < text_fields().size(); ++i) {
    EXPECT_LT(text_fields()[i - 1], text_fields()[i]);
  }
}

}  // namespace
}  // namespace muster::directory
