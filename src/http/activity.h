// Counts the requests in progress and waits for the last of them when the server stops.
//
//   const Activity::Running running(activity);   // while a request is served
//   if (!activity.drain(30s)) ...                // on the thread that stops the server
//
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace muster::http {

class Activity {
 public:
  class Running {
   public:
    explicit Running(Activity& activity) : activity_(activity) { ++activity_.running_; }
    ~Running() { activity_.end(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    Activity& activity_;
  };

  // New requests are to be refused.
  [[nodiscard]] bool draining() const { return draining_; }

  // Waits until no request runs. False when some still did after `timeout`.
  bool drain(std::chrono::milliseconds timeout);

 private:
  void end();

  std::atomic<int> running_ = 0;
  std::atomic<bool> draining_ = false;
  std::mutex mutex_;
  std::condition_variable ended_;
};

}  // namespace muster::http
