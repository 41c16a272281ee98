#include "vault_api/tracking.h"

#include <gtest/gtest.h>

namespace muster::vault_api {
namespace {

TEST(ClientId, QueryWinsOverHeader) {
  EXPECT_EQ(tracked_client_id("from-query", "from-header"), "from-query");
  EXPECT_EQ(tracked_client_id("", "Boomi_1.0-x"), "Boomi_1.0-x");
}

TEST(ClientId, AbsentAndMalformedHaveNamesOfTheirOwn) {
  EXPECT_EQ(tracked_client_id("", ""), "unknown");
  EXPECT_EQ(tracked_client_id("", "two words"), "invalid_client_id");
  EXPECT_EQ(tracked_client_id("", "a\nb"), "invalid_client_id");
  EXPECT_EQ(tracked_client_id("", std::string(100, 'x')), std::string(100, 'x'));
  EXPECT_EQ(tracked_client_id("", std::string(101, 'x')), "invalid_client_id");
}

TEST(ReferenceId, PrintableAsciiUpTo255) {
  EXPECT_EQ(tracked_reference_id("order 4711 / part 2"), "order 4711 / part 2");
  EXPECT_EQ(tracked_reference_id(std::string(255, 'r')), std::string(255, 'r'));
  EXPECT_EQ(tracked_reference_id(std::string(256, 'r')), "");
  EXPECT_EQ(tracked_reference_id("tab\there"), "");
  EXPECT_EQ(tracked_reference_id("S\xC3\xB6hne"), "");
}

}  // namespace
}  // namespace muster::vault_api
