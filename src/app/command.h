// One command of the program: its part of the command line, and what it does when it was called.
// A command declares its options in its constructor.
// Made once, by the main thread; the program outlives it.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace muster::app {

// Exit codes that all commands share (0: fine).
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

// Says on standard error what went wrong; gives the code back.
int fail_with(int code, const std::string& message);

class Command {
 public:
  virtual ~Command() = default;
  Command(const Command&) = delete;  // the program points into it
  Command& operator=(const Command&) = delete;

  [[nodiscard]] bool called() const;
  // The exit code.
  [[nodiscard]] virtual int run() = 0;

 protected:
  Command(CLI::App& program, const char* name, const char* description);

  CLI::App* const app_;
};

}  // namespace muster::app
