#include "app/secret_input.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "app/read_file.h"
#include "base/limits.h"

namespace muster::app {
namespace {

std::string first_line(std::string text) {
  text.resize(std::min(text.size(), text.find('\n')));
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

// Switches the terminal's echo off for as long as it lives.
class NoEcho {
 public:
  NoEcho() : is_terminal_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_terminal_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~NoEcho() {
    if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  [[nodiscard]] bool is_terminal() const { return is_terminal_; }

 private:
  termios before_{};
  bool is_terminal_;
};

std::string ask(const char* prompt) {
  const NoEcho quiet;
  if (quiet.is_terminal()) fmt::print(stderr, "{}", prompt);
  std::string line;
  std::getline(std::cin, line);
  if (quiet.is_terminal()) fmt::print(stderr, "\n");
  return line;
}

}  // namespace

Result<std::string> read_secret(const std::string& file, const char* prompt) {
  std::string secret;
  // Read before any other thread starts.
  const char* variable = std::getenv("MUSTER_PASSWORD");  // NOLINT(concurrency-mt-unsafe)
  if (!file.empty()) {
    auto text = read_file(file, limits::kFormBytesMax);
    if (!text) return std::unexpected(text.error());
    secret = first_line(std::move(*text));
  } else {
    secret = variable != nullptr ? std::string(variable) : first_line(ask(prompt));
  }
  if (secret.empty()) return fail(ErrorType::kInvalidData, "A password is needed.");
  return secret;
}

}  // namespace muster::app
