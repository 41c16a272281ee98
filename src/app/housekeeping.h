// What has to be done once a minute while the server runs: the activity of sessions to the
// store, expired sessions and answers that nobody may ask for any more out of it.
//
//   const Housekeeping housekeeping(store, sessions, users);   // until it goes out of scope
//
// One thread of its own, which may wait for the disk. Store and services outlive it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "directory/session_service.h"
#include "directory/store.h"
#include "directory/user_service.h"

namespace muster::app {

class Housekeeping {
 public:
  Housekeeping(const directory::Store& store, directory::SessionService& sessions,
               directory::UserService& users);
  ~Housekeeping();
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

 private:
  void run();
  void do_chores() const;

  const directory::Store& store_;
  directory::SessionService& sessions_;
  directory::UserService& users_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace muster::app
