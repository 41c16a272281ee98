#include "http/io_threads.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <utility>

#include "base/assert.h"

namespace muster::http {

IoThreads::IoThreads(int count, OnEscape on_escape) : on_escape_(std::move(on_escape)) {
  MUSTER_ASSERT(count > 0);
  for (int i = 0; i < count; ++i) loops_.push_back(std::make_unique<IoThread>());
}

IoThreads::~IoThreads() { stop(); }

void IoThreads::start() {
  for (const auto& loop : loops_) {
    threads_.emplace_back([this, &context = loop->context()] { run(context); });
  }
}

void IoThreads::run(boost::asio::io_context& context) {
  const auto keep_running = boost::asio::make_work_guard(context);
  while (!context.stopped()) {
    try {
      context.run();
    } catch (...) {
      on_escape_(std::current_exception());
    }
  }
}

void IoThreads::stop() {
  for (const auto& loop : loops_) loop->context().stop();
  threads_.clear();  // joins
}

IoThread& IoThreads::least_loaded() {
  return **std::ranges::min_element(
      loops_, {}, [](const auto& loop) { return loop->load().load(std::memory_order_relaxed); });
}

}  // namespace muster::http
