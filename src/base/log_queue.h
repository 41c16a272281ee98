// Lines on their way to standard error, written by a thread of its own: who logs never waits for
// the reader of a pipe.
//
//   LogQueue queue(STDERR_FILENO, counter, gap_line);
//   std::thread writer([&] { queue.run(); });
//   queue->push("one line\n");
//   queue->flush(1s);
//
// Bounded by limits::kLogQueueBytesMax: the oldest lines give way, are counted, and the gap is told
// where it is. The order is kept. Thread-safe; run() belongs to one thread.
#pragma once

#include <prometheus/counter.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

namespace muster::log {

class LogQueue {
 public:
  // The line that stands where so many were dropped.
  using GapLine = std::string (*)(std::uint64_t lines);

  // `dropped` counts lines; only push() uses it, so it may go before a run() that hangs.
  LogQueue(int descriptor, prometheus::Counter& dropped, GapLine gap_line);

  void push(std::string line);

  // Writes until close() was called and all is written. Needs no memory for it.
  void run();
  void close();

  // Waits until every line pushed before is written. False: it took longer than `patience`.
  bool flush(std::chrono::milliseconds patience);

 private:
  void write_gap(std::uint64_t lines);
  void write(const std::string& line);
  void write_out();

  const int descriptor_;
  prometheus::Counter& dropped_;
  const GapLine gap_line_;
  std::string buffer_;  // of run(): lines on their way into one write
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable written_;
  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;  // of lines_
  std::uint64_t gap_ = 0;  // lines dropped from the front of lines_
  bool asleep_ = false;    // run() waits for a line
  bool writing_ = false;
  bool urgent_ = false;  // somebody waits in flush()
  bool closed_ = false;
};

}  // namespace muster::log
