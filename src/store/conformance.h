// The conformance suite of the Store port: what every store must do, whatever it stands on.
//
//   INSTANTIATE_TEST_SUITE_P(Memory, StoreConformance,
//                            ::testing::Values(StoreUnderTest{"Memory", make_memory_harness}));
//   INSTANTIATE_TEST_SUITE_P(Memory, StoreLists, ...the same...);
//
// A store's test program links conformance.cc and instantiates both suites once.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "directory/store.h"

namespace muster::store {

// One empty store, and the way to look at it again after a restart.
class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  virtual directory::Store& store() = 0;
  // Closes the store and opens it again. False: this store keeps nothing, tests skip that part.
  virtual bool reopen() = 0;
};

struct StoreUnderTest {
  std::string name;
  std::function<std::unique_ptr<StoreHarness>()> make;

  friend std::ostream& operator<<(std::ostream& out, const StoreUnderTest& store) {
    return out << store.name;
  }
};

class StoreConformance : public ::testing::TestWithParam<StoreUnderTest> {
 protected:
  StoreConformance() : harness_(GetParam().make()) {}

  directory::Store& store() { return harness_->store(); }

  // Runs `check` on the store as it is and once more after a restart.
  void now_and_after_restart(const std::function<void()>& check);

  std::unique_ptr<StoreHarness> harness_;
};

// Starts with ten users to list.
class StoreLists : public StoreConformance {
 protected:
  void SetUp() override;
  directory::UserPage list(const directory::UserQuery& query);
  std::vector<std::int32_t> ids(const directory::UserQuery& query);
  directory::UserPage scan(const directory::UserScan& scan);
  std::vector<std::int32_t> scanned(const directory::UserScan& wanted);
};

}  // namespace muster::store
