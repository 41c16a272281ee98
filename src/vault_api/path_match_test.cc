#include "vault_api/path_match.h"

#include <gtest/gtest.h>

namespace muster::vault_api {
namespace {

using Segments = std::vector<std::string>;

TEST(SplitPath, OneTrailingSlashIsIgnored) {
  EXPECT_EQ(split_path("/api/v23.3/objects"), (Segments{"api", "v23.3", "objects"}));
  EXPECT_EQ(split_path("/api/v23.3/objects/"), (Segments{"api", "v23.3", "objects"}));
}

TEST(SplitPath, EscapesAreDecodedWithinTheirSegment) {
  EXPECT_EQ(split_path("/%61pi/a%2Fb"), (Segments{"api", "a/b"}));
}

TEST(SplitPath, WhatCannotBeAPathIsMalformed) {
  for (const char* path : {"", "/", "//", "/api//x", "//api", "/api//", "api", "/api/%", "/api/%4",
                           "/api/%zz", "/api/%00", "/api/%0a", "/api/%ff", "/api/%7F", "/api/.",
                           "/api/..", "/api/%2e%2e/x", "/api/\xC3\xA4"}) {
    const auto segments = split_path(path);
    ASSERT_FALSE(segments) << path;
    EXPECT_EQ(segments.error().type, ErrorType::kMalformedUrl) << path;
  }
}

TEST(MatchPath, ParametersTakeOneSegmentEach) {
  const Segments segments = {"api", "v23.3", "objects", "users", "25001"};
  const auto arguments = match_path("/api/{version}/objects/users/{id}", segments);
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->at("version"), "v23.3");
  EXPECT_EQ(arguments->at("id"), "25001");
}

TEST(MatchPath, LengthAndCaseMustAgree) {
  const Segments segments = {"api", "v23.3", "objects", "users"};
  EXPECT_TRUE(match_path("/api/{version}/objects/users", segments));
  EXPECT_FALSE(match_path("/api/{version}/objects", segments));
  EXPECT_FALSE(match_path("/api/{version}/objects/users/{id}", segments));
  EXPECT_FALSE(match_path("/api/{version}/objects/Users", segments));
}

}  // namespace
}  // namespace muster::vault_api
