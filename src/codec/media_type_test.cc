#include "codec/media_type.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace muster::codec {
namespace {

using enum AnswerFormat;
constexpr std::array kBulkOffers = {kJson, kCsv};
constexpr std::array kOffers = {kJson, kXml};

TEST(MediaType, Parts) {
  const auto type = parse_media_type("Text/CSV ; Charset=\"UTF-8\" ; header=present");
  ASSERT_TRUE(type);
  EXPECT_EQ(type->type, "text/csv");
  EXPECT_EQ(type->charset, "utf-8");
  EXPECT_EQ(type->boundary, "");
}

TEST(MediaType, BoundaryKeepsItsCaseAndQuotedSemicolons) {
  const auto type = parse_media_type(R"(multipart/form-data; boundary="aB;\"c")");
  ASSERT_TRUE(type);
  EXPECT_EQ(type->boundary, "aB;\"c");
  EXPECT_EQ(parse_media_type("multipart/form-data;boundary=----Xy1")->boundary, "----Xy1");
}

TEST(MediaType, Malformed) {
  for (const char* header :
       {"", " ", "csv", "text/", "/csv", "text/csv/x", "text csv/x", ";a=b", "\"text/csv\""}) {
    EXPECT_FALSE(parse_media_type(header)) << header;
  }
  for (const char* header : {"text/csv;", "text/csv;;", "text/csv; charset", "text/csv; charset=\"",
                             "text/csv; =x; \"a;b\"=c"}) {
    ASSERT_TRUE(parse_media_type(header)) << header;
    EXPECT_EQ(parse_media_type(header)->type, "text/csv") << header;
  }
}

BodyFormat format_of(std::string_view header) { return body_format(*parse_media_type(header)); }

TEST(MediaType, BodyFormats) {
  EXPECT_EQ(format_of("text/csv; charset=utf-8"), BodyFormat::kCsv);
  EXPECT_EQ(format_of("application/json"), BodyFormat::kJson);
  EXPECT_EQ(format_of("application/scim+json; charset=utf-8"), BodyFormat::kJson);
  EXPECT_EQ(format_of("application/x-www-form-urlencoded"), BodyFormat::kForm);
  EXPECT_EQ(format_of("multipart/form-data; boundary=x"), BodyFormat::kMultipart);
  EXPECT_EQ(format_of("application/XML"), BodyFormat::kXml);
  EXPECT_EQ(format_of("text/plain"), BodyFormat::kOther);
}

TEST(MediaType, Charsets) {
  for (const char* header : {"text/csv", "text/csv;charset=utf-8", "text/csv; charset=UTF-8",
                             "text/csv; charset=us-ascii"}) {
    EXPECT_TRUE(charset_accepted(*parse_media_type(header))) << header;
  }
  for (const char* header : {"text/csv;charset=iso-8859-1", "text/csv; charset=UTF-16"}) {
    EXPECT_FALSE(charset_accepted(*parse_media_type(header))) << header;
  }
}

TEST(MediaType, ContentTypesAsClientsCompareThem) {
  EXPECT_EQ(content_type(kJson), "application/json;charset=UTF-8");
  EXPECT_EQ(content_type(kCsv), "text/csv;charset=UTF-8");
  EXPECT_EQ(content_type(kXml), "application/xml;charset=UTF-8");
}

struct AcceptCase {
  std::string_view accept;
  AnswerFormat answer;
};

TEST(Negotiate, ByQuality) {
  constexpr AcceptCase kCases[] = {
      {"", kJson},
      {"*/*", kJson},
      {"application/json", kJson},
      {"text/csv", kCsv},
      {"TEXT/CSV", kCsv},
      {"text/csv;charset=utf-8", kCsv},
      {"text/*", kCsv},
      {"text/html", kJson},
      {"application/xml", kJson},  // not offered here
      {"text/csv, application/json", kJson},
      {"text/csv, application/json;q=0.9", kCsv},
      {"text/csv;q=0.5, application/json;q=0.501", kJson},
      {"text/csv; Q=0.5 , */*;q=0.1", kCsv},
      {"text/*;q=0.3, */*;q=0.2", kCsv},
      {"application/json;q=0, */*", kCsv},
      {"application/json;q=0, text/csv;q=0", kJson},  // never 406
      {"application/*;q=0.2, application/json;q=0.1, text/csv;q=0.15", kCsv},
      {"text/csv;q=2", kCsv},
      {"text/csv;q=x, application/json;q=0.9", kCsv},
      {"text/csv;q=0.0001", kCsv},  // four digits: as if no weight were given
      {"text/csv;a=\"x,y;q=0\"", kCsv},
      {",,;q=1,", kJson},
      {"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", kJson},  // Java's default
  };
  for (const auto& [accept, answer] : kCases) {
    EXPECT_EQ(negotiate(accept, kBulkOffers), answer) << accept;
  }
}

TEST(Negotiate, OnlyWhatIsOffered) {
  EXPECT_EQ(negotiate("application/xml", kOffers), kXml);
  EXPECT_EQ(negotiate("text/csv", kOffers), kJson);
  EXPECT_EQ(negotiate("application/*", kOffers), kJson);
}

}  // namespace
}  // namespace muster::codec
