#include "codec/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace muster::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs(const std::vector<FormField>& fields) {
  Pairs result;
  for (const FormField& field : fields) result.emplace_back(field.name, field.value);
  return result;
}

Pairs form(std::string_view body) {
  const auto fields = parse_form(body);
  EXPECT_TRUE(fields) << body;
  return fields ? pairs(*fields) : Pairs{};
}

TEST(Form, NamesAndValues) {
  EXPECT_THAT(form("username=nadia%40example.com&password=a+b%2B%26%3D"),
              ElementsAre(Pair("username", "nadia@example.com"), Pair("password", "a b+&=")));
  EXPECT_THAT(form(""), IsEmpty());
  EXPECT_THAT(form("&&a&b=&=c&a=2&"),
              ElementsAre(Pair("a", ""), Pair("b", ""), Pair("", "c"), Pair("a", "2")));
  EXPECT_THAT(form("a=b=c"), ElementsAre(Pair("a", "b=c")));
}

TEST(Form, WhatClientsForgetToEncode) {
  EXPECT_THAT(
      form("q=select id, name from users where x = \"100%\"&r=%zz%4"),
      ElementsAre(Pair("q", "select id, name from users where x = \"100%\""), Pair("r", "%zz%4")));
  EXPECT_THAT(form("a=S\xC3\xB6hne"), ElementsAre(Pair("a", "S\xC3\xB6hne")));
}

TEST(Form, BrokenUtf8) {
  for (const char* body : {"a=%C3", "a=1&%FF=x", "a=\xC0\xAF"}) {
    const auto fields = parse_form(body);
    ASSERT_FALSE(fields) << body;
    EXPECT_EQ(fields.error().type, ErrorType::kInvalidData);
  }
  EXPECT_THAT(parse_form("a=1&b=%FF").error().message, HasSubstr("number 2"));
}

TEST(Form, FieldLimit) {
  std::string body;
  for (std::size_t i = 0; i < limits::kFormFieldsMax; ++i) body += "&a=1";
  EXPECT_THAT(form(body), SizeIs(limits::kFormFieldsMax));
  EXPECT_FALSE(parse_form(body + "&b"));
  EXPECT_THAT(parse_query(body + "&b"), SizeIs(limits::kFormFieldsMax));
}

TEST(Query, DropsWhatIsNotText) {
  EXPECT_THAT(pairs(parse_query("vaults=all&x=%FF&limit=10")),
              ElementsAre(Pair("vaults", "all"), Pair("limit", "10")));
}

TEST(Query, FindsTheFirstOfAName) {
  const auto fields = parse_query("a=1&b=2&a=3");
  ASSERT_NE(find(fields, "a"), nullptr);
  EXPECT_EQ(find(fields, "a")->value, "1");
  EXPECT_EQ(find(fields, "A"), nullptr);
}

TEST(PercentDecode, LeavesPlusAlone) {
  EXPECT_EQ(percent_decode("a%2Fb+c%20%"), "a/b+c %");
  EXPECT_EQ(percent_decode("%4a%4A%00"), std::string("JJ\0", 3));
}

constexpr std::string_view kUpload =
    "preamble\r\n"
    "--X1\r\n"
    "Content-Disposition: form-data; name=\"user_name__v\"\r\n"
    "\r\n"
    "nadia@example.com\r\n"
    "--X1  \r\n"
    "content-disposition: form-data; filename=\"a \\\"b\\\";c.png\"; name=file\r\n"
    "Content-Type: image/png\r\n"
    "\r\n"
    "\xFF\r\n--X\r\n\r\n"
    "\r\n--X1\r\n"
    "Content-Disposition: form-data; name=\"empty\"\r\n"
    "\r\n"
    "\r\n--X1--\r\nepilogue";

TEST(Multipart, FieldsAndFiles) {
  const auto fields = parse_multipart(kUpload, "X1");
  ASSERT_TRUE(fields) << fields.error().message;
  ASSERT_THAT(pairs(*fields), ElementsAre(Pair("user_name__v", "nadia@example.com"),
                                          Pair("file", "\xFF\r\n--X\r\n\r\n"), Pair("empty", "")));
  EXPECT_EQ((*fields)[1].file_name, "a \"b\";c.png");
  EXPECT_EQ((*fields)[1].content_type, "image/png");
  EXPECT_EQ((*fields)[0].file_name, "");
}

TEST(Multipart, NothingInIt) {
  const auto fields = parse_multipart("--X1--\r\n", "X1");
  ASSERT_TRUE(fields);
  EXPECT_THAT(*fields, IsEmpty());
}

TEST(Multipart, CutAnywhereIsRefused) {
  for (std::size_t size = 0; size < kUpload.find("--\r\nepilogue") + 2; ++size) {
    const auto fields = parse_multipart(kUpload.substr(0, size), "X1");
    ASSERT_FALSE(fields) << size;
    EXPECT_EQ(fields.error().type, ErrorType::kInvalidData);
  }
}

struct BrokenCase {
  std::string_view body;
  std::string_view boundary;
  std::string_view message;
};

TEST(Multipart, Broken) {
  const std::string long_boundary(71, 'b');
  const BrokenCase cases[] = {
      {kUpload, "", "boundary of 1 to 70"},
      {kUpload, long_boundary, "boundary of 1 to 70"},
      {kUpload, "Y", "no boundary line"},
      {"--X1y\r\n\r\n\r\n--X1--", "X1", "broken boundary line"},
      {"--X1\r\nContent-Type: text/plain\r\n\r\nx\r\n--X1--", "X1", "no name"},
      {"--X1\r\nContent-Disposition: form-data; name=a\r\nx\r\n--X1--", "X1",
       "no end of its header"},
      {"--X1\r\nnonsense\r\n\r\nx\r\n--X1--", "X1", "broken header"},
      {"--X1\r\nContent-Disposition: form-data; name=a\r\n\r\n\xFF\r\n--X1--", "X1",
       "[a] is not valid UTF-8"},
      {"--X1\r\nContent-Disposition: form-data; name=\"b\xFF\"\r\n\r\nx\r\n--X1--", "X1",
       "[b] is not valid UTF-8"},
  };
  for (const auto& [body, boundary, message] : cases) {
    const auto fields = parse_multipart(body, boundary);
    ASSERT_FALSE(fields) << message;
    EXPECT_EQ(fields.error().type, ErrorType::kInvalidData);
    EXPECT_THAT(fields.error().message, HasSubstr(message));
  }
}

TEST(Multipart, FieldLimit) {
  std::string body;
  for (std::size_t i = 0; i <= limits::kFormFieldsMax; ++i) {
    body += "--X1\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n";
  }
  EXPECT_THAT(parse_multipart(body + "--X1--", "X1").error().message, HasSubstr("more than 200"));
}

}  // namespace
}  // namespace muster::codec
