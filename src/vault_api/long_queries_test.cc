#include "vault_api/long_queries.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "directory/fake_secrets.h"

namespace muster::vault_api {
namespace {

using std::chrono::milliseconds;

class LongQueriesTest : public ::testing::Test {
 protected:
  std::string keep(const std::string& text, milliseconds now = milliseconds{0}) {
    return queries_.keep(text, random_, now);
  }

  directory::testing::FakeRandom random_;
  LongQueries queries_;
};

TEST_F(LongQueriesTest, KeptForAQuarterOfAnHour) {
  const std::string id = keep("SELECT id FROM users");
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(queries_.find(id, milliseconds{limits::kLongQueryMs - 1}), "SELECT id FROM users");
  EXPECT_EQ(queries_.find(id, milliseconds{limits::kLongQueryMs}), std::nullopt);
  EXPECT_EQ(queries_.find("x", milliseconds{0}), std::nullopt);
}

TEST_F(LongQueriesTest, TheOldestGoWhenThereAreTooMany) {
  const std::string text(50'000, 'x');
  const std::string first = keep(text);
  const std::string second = keep("short");
  std::string last;
  for (std::size_t bytes = text.size(); bytes < limits::kLongQueriesBytesMax;
       bytes += text.size()) {
    last = keep(text);
  }
  EXPECT_EQ(queries_.find(first, milliseconds{0}), std::nullopt);
  EXPECT_EQ(queries_.find(second, milliseconds{0}), "short");
  EXPECT_EQ(queries_.find(last, milliseconds{0}), text);
}

}  // namespace
}  // namespace muster::vault_api
