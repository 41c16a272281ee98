// `muster verify`, `backup` and `restore`: what is done with a data directory on the machine
// itself.
#pragma once

#include <string>

#include "app/command.h"

namespace muster::app {

// Prints what was found; a server may be running. Fails naming the first thing that is wrong, also
// when the head of the audit chain that was noted before is none that the journal went through.
class VerifyCommand final : public Command {
 public:
  explicit VerifyCommand(CLI::App& program);
  [[nodiscard]] int run() override;

 private:
  std::string data_dir_;
  std::string noted_head_;  // empty: not compared
};

// A server may be running.
class BackupCommand final : public Command {
 public:
  explicit BackupCommand(CLI::App& program);
  [[nodiscard]] int run() override;

 private:
  std::string data_dir_;
  std::string copy_;
};

class RestoreCommand final : public Command {
 public:
  explicit RestoreCommand(CLI::App& program);
  [[nodiscard]] int run() override;

 private:
  std::string data_dir_;
  std::string copy_;
};

}  // namespace muster::app
