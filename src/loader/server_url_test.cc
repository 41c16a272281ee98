#include "loader/server_url.h"

#include <gtest/gtest.h>

namespace muster::loader {
namespace {

TEST(ServerUrl, PartsAreFound) {
  const auto url = parse_server_url("https://muster.example.com:8443/hr/");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "muster.example.com");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->prefix, "/hr");
  EXPECT_EQ(url->authority(), "muster.example.com:8443");
}

TEST(ServerUrl, TheSchemesOwnPortIsLeftOut) {
  EXPECT_EQ(parse_server_url("http://localhost")->authority(), "localhost");
  EXPECT_EQ(parse_server_url("https://localhost/")->port, "443");
  EXPECT_EQ(parse_server_url("http://[::1]:8080")->host, "::1");
  EXPECT_EQ(parse_server_url("http://[::1]:8080")->authority(), "[::1]:8080");
}

TEST(ServerUrl, AnythingElseIsRefused) {
  for (const char* text :
       {"", "localhost:8080", "ftp://localhost", "http://", "http://:80", "http://a:0",
        "http://a:99999", "http://a:x", "http://u@a", "http://a?b", "http://[::1"}) {
    EXPECT_FALSE(parse_server_url(text)) << text;
  }
}

}  // namespace
}  // namespace muster::loader
