#include "directory/value_rules.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "directory/user_fields.h"

namespace muster::directory {
namespace {

using namespace std::string_literals;

TEST(ValueRules, CharactersOutsideXmlAreRemoved) {
  struct Row {
    std::string text;
    std::string kept;
  };
  const Row rows[] = {
      {"plain", "plain"},
      {"", ""},
      {"tab\t, line\n, return\r", "tab\t, line\n, return\r"},
      {"a\0b"s, "ab"},
      {"bell\a and escape\x1B[0m", "bell and escape[0m"},
      {"\x01", ""},
      {"long enough for two words\x1F", "long enough for two words"},
      {"\xEF\xBF\xBE\xEF\xBF\xBF"
       "x",
       "x"},                                                       // U+FFFE, U+FFFF
      {"\xEF\xBF\xBD \xEF\xBC\xA1", "\xEF\xBF\xBD \xEF\xBC\xA1"},  // U+FFFD, fullwidth A
      {"\xF0\x9F\x98\x80\x7F", "\xF0\x9F\x98\x80\x7F"},            // emoji, DEL: both are legal XML
      {"Tomás Söhne 田中", "Tomás Söhne 田中"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(has_non_xml_characters(row.text), row.text != row.kept) << row.kept;
    EXPECT_EQ(without_non_xml_characters(row.text), row.kept);
  }
}

TEST(ValueRules, AControlCharacterIsSeenAtEveryPlaceOfEveryLength) {
  for (std::size_t length = 1; length <= 40; ++length) {
    EXPECT_FALSE(has_non_xml_characters(std::string(length, 'x')));
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'x');
      text[at] = '\x1F';
      EXPECT_TRUE(has_non_xml_characters(text)) << length << ' ' << at;
    }
  }
}

RC_GTEST_PROP(ValueRules, TheQuickLookMissesNoControlCharacter, (const std::string& text)) {
  RC_ASSERT(has_non_xml_characters(text) == (without_non_xml_characters(text) != text));
}

TEST(ValueRules, Booleans) {
  for (const char* text : {"true", "TRUE", "True", "tRuE"}) EXPECT_EQ(parse_boolean(text), true);
  for (const char* text : {"false", "FALSE", "False"}) EXPECT_EQ(parse_boolean(text), false);
  for (const char* text : {"", "1", "0", "yes", "no", "t", "truee", "true "}) {
    EXPECT_EQ(parse_boolean(text), std::nullopt) << text;
  }
}

TEST(ValueRules, LengthCountsCodePoints) {
  const Field& phone = field(FieldId::kOfficePhone);  // 20
  std::string text;
  for (int i = 0; i < 20; ++i) text += "田";
  EXPECT_TRUE(fits(text, phone));
  EXPECT_FALSE(fits(text + "a", phone));
  EXPECT_TRUE(fits("", phone));
}

TEST(ValueRules, Emails) {
  for (const char* text : {"a@b", "nadia@example.com", "o'brien+x@example.com", "тест@пример",
                           "a@[192.0.2.1]", "\"quoted\"@example.com",
                           "a\xC2\xA0"
                           "b@c"}) {
    EXPECT_TRUE(is_email(text)) << text;
  }
  for (const char* text :
       {"", "@", "a@", "@b", "nadia", "a@b@c", "a b@c", "a@b c", "a@b\t", "\na@b", "a@b\x7F",
        "a@\xC2\x85"
        "b"}) {
    EXPECT_FALSE(is_email(text)) << text;
  }
}

TEST(ValueRules, UserNames) {
  for (const char* text : {"nadia.brandt@example.com", "a@b", "Ä@example.com"}) {
    EXPECT_TRUE(is_user_name(text)) << text;
  }
  for (const char* text : {"nadia", "nadia@", "na dia@example.com", "\"n\"@example.com",
                           "a,b@example.com", "a;b@example.com", "a@b@example.com"}) {
    EXPECT_FALSE(is_user_name(text)) << text;
  }
  EXPECT_EQ(domain_part("nadia@example.com"), "example.com");
  EXPECT_EQ(domain_part("nadia"), "");
}

TEST(ValueRules, MessagesNameValueAndField) {
  const Field& flag = field(FieldId::kDomainActive);
  EXPECT_EQ(
      invalid_value("maybe", flag),
      (Error{ErrorType::kInvalidData, "Invalid value [maybe] for field [domain_active__v]."}));
  EXPECT_EQ(missing_value(field(FieldId::kId)),
            (Error{ErrorType::kParameterRequired, "Missing required parameter [id]"}));
  EXPECT_EQ(not_editable(field(FieldId::kCreatedBy)),
            (Error{ErrorType::kInvalidData, "Field [created_by__v] is not editable."}));
  EXPECT_LT(invalid_value(std::string(60'000, 'x'), flag).message.size(), 300U);
}

}  // namespace
}  // namespace muster::directory
