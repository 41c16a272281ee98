// Threads that find no memory any more: operator new and aligned_alloc of the whole test
// program.
#pragma once

namespace muster::http {

// From now on this thread's allocations fail: operator new throws, Asio's memory too.
void refuse_memory_on_this_thread();

}  // namespace muster::http
