#include "base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace muster {
namespace {

TEST(ErrorTable, EveryTypeHasItsOwnWireName) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ErrorType::kFederatedIdAlreadyExists); ++i) {
    EXPECT_TRUE(names.insert(wire_name(static_cast<ErrorType>(i))).second) << i;
  }
  EXPECT_TRUE(names.contains("INVALID_DATA"));
  EXPECT_TRUE(names.contains("FEDERATED_ID_ALREADY_EXISTS"));
}

}  // namespace
}  // namespace muster
