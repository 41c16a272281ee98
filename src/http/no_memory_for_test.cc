#include "http/no_memory_for_test.h"

#include <cstdlib>
#include <new>

namespace {

thread_local bool refused = false;

}  // namespace

void* operator new(std::size_t size) {
  void* memory = refused ? nullptr : std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void operator delete(void* memory) noexcept { std::free(memory); }

void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

// What Asio takes its memory from.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  void* memory = nullptr;
  if (refused || ::posix_memalign(&memory, alignment, size) != 0) return nullptr;
  return memory;
}

namespace muster::http {

void refuse_memory_on_this_thread() { refused = true; }

}  // namespace muster::http
