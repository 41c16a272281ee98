#include "store/memory/memory_store.h"

#include "store/conformance.h"

namespace muster::store {
namespace {

class MemoryHarness final : public StoreHarness {
 public:
  directory::Store& store() override { return store_; }
  bool reopen() override { return false; }

 private:
  MemoryStore store_;
};

const StoreUnderTest kMemory{"Memory", [] { return std::make_unique<MemoryHarness>(); }};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Memory, StoreConformance, ::testing::Values(kMemory));
INSTANTIATE_TEST_SUITE_P(Memory, StoreLists, ::testing::Values(kMemory));

}  // namespace muster::store
