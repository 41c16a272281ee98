// The threads that run the event loops, one loop each: a connection's handlers all run on the
// thread it was given, so they need no lock.
//
//   IoThreads threads(2, on_escape);
//   threads.start();
//   IoThread& home = threads.least_loaded();
//
// The net below everything: an exception that leaves a handler is reported to `on_escape`, and the
// loop goes on with the other connections.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "http/io.h"
#include "http/read_buffer.h"

namespace muster::http {

class IoThread {
 public:
  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  [[nodiscard]] BlockPool& blocks() { return blocks_; }     // only on this thread
  [[nodiscard]] std::atomic<int>& load() { return load_; }  // connections that live here

 private:
  BlockPool blocks_;  // before context_: the connections that die with the loop return theirs
  boost::asio::io_context context_{1};
  std::atomic<int> load_ = 0;
};

class IoThreads {
 public:
  // Called with the exception, on the thread that it reached. Must not throw.
  using OnEscape = std::function<void(const std::exception_ptr&)>;

  IoThreads(int count, OnEscape on_escape);
  // Stops and joins. Connections that are left are destroyed.
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  void start();
  // No handler runs any more when it returns. Idempotent.
  void stop();

  [[nodiscard]] IoThread& first() { return *loops_.front(); }
  [[nodiscard]] IoThread& least_loaded();

 private:
  void run(boost::asio::io_context& context);

  const OnEscape on_escape_;
  std::vector<std::unique_ptr<IoThread>> loops_;
  std::vector<std::jthread> threads_;
};

}  // namespace muster::http
