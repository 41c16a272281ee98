// A shared mutex that takes readers and writers in the order they came, so that neither a
// stream of readers nor a stream of writers shuts the other side out.
//
//   std::shared_lock lock(mutex);   // reader
//   std::unique_lock lock(mutex);   // writer
//
// Not recursive, not even for readers: a reader that waits behind a writer would wait for itself.
#pragma once

#include <mutex>
#include <shared_mutex>

namespace muster::store {

class FairSharedMutex {
 public:
  void lock() {
    const std::lock_guard turn(turn_);  // who comes later queues here until the readers have left
    access_.lock();
  }
  void unlock() { access_.unlock(); }

  void lock_shared() {
    const std::lock_guard turn(turn_);
    access_.lock_shared();
  }
  void unlock_shared() { access_.unlock_shared(); }

 private:
  std::mutex turn_;
  std::shared_mutex access_;
};

}  // namespace muster::store
