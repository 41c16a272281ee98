// Completion scripts for shells, derived from the command line as it is declared: a new command or
// flag is completed without a line here.
//
//   eval "$(muster completion bash)"        source <(muster completion zsh)
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace muster::app {

// REQUIRES: every command is declared. The scripts offer commands, then the flags of the command,
// and files where no flag is begun.
[[nodiscard]] std::string bash_completion(const CLI::App& program);
[[nodiscard]] std::string zsh_completion(const CLI::App& program);

}  // namespace muster::app
