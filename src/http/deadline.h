// Ends a socket operation that takes too long.
//
//   deadline.arm(after_ms(20'000));
//   auto [error, n] = co_await socket.async_read_some(buffer, kAwait);
//   if (error && deadline.passed()) ...
//
// Moving a deadline costs no timer operation: the timer runs on and looks again when it fires.
// When the deadline passes, the socket's operation is cancelled, so that an answer can still be
// written; whoever does not react within a second finds the socket closed.
// Belongs to the socket's thread. The socket must outlive it.
#pragma once

#include <memory>

#include "http/io.h"

namespace muster::http {

class Deadline {
 public:
  explicit Deadline(Socket& socket);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void arm(TimePoint at);
  // Nothing is awaited from the client: no deadline until the next arm().
  void disarm();
  // Since the last arm().
  [[nodiscard]] bool passed() const;

 private:
  struct Watch;
  static void wait(const std::shared_ptr<Watch>& watch, TimePoint until);
  static void look(const std::shared_ptr<Watch>& watch);

  std::shared_ptr<Watch> watch_;  // shared with the timer's handler
};

}  // namespace muster::http
