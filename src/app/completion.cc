#include "app/completion.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace muster::app {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& program) {
  return program.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// What stands between quotes in a zsh word list.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == ':' || c == '[' || c == ']') {
      out += std::string("\\") + c;
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<std::string> names_of(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const CLI::App* command : commands) names.push_back(command->get_name());
  return names;
}

// A command that consists of others: their names, then the flags of the one that is named.
std::string bash_case_of_group(const CLI::App& group) {
  const std::vector<const CLI::App*> commands = commands_of(group);
  std::string text = fmt::format(R"(    {}) if [ "$COMP_CWORD" -eq 2 ]; then
        COMPREPLY=($(compgen -W "{}" -- "$current"))
        return
      fi
      case ${{COMP_WORDS[2]}} in
)",
                                 group.get_name(), joined(names_of(commands)));
  for (const CLI::App* command : commands) {
    text += fmt::format("        {}) words=\"{}\" ;;\n", command->get_name(),
                        joined(flags_of(*command)));
  }
  return text + "      esac ;;\n";
}

// The flags of the command and of those it consists of, each once.
std::map<std::string, const CLI::Option*> zsh_flags_of(const CLI::App& command) {
  std::map<std::string, const CLI::Option*> flags;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.emplace(name, option);
  }
  for (const CLI::App* part : commands_of(command)) flags.merge(zsh_flags_of(*part));
  return flags;
}

}  // namespace

std::string bash_completion(const CLI::App& program) {
  std::string cases;
  for (const CLI::App* command : commands_of(program)) {
    if (!commands_of(*command).empty()) {
      cases += bash_case_of_group(*command);
      continue;
    }
    cases +=
        fmt::format("    {}) words=\"{}\" ;;\n", command->get_name(), joined(flags_of(*command)));
  }
  return fmt::format(R"(_muster() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{}" -- "$current"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=() ;;
  esac
}}
complete -o default -F _muster muster
)",
                     joined(names_of(commands_of(program))), cases);
}

std::string zsh_completion(const CLI::App& program) {
  std::string names;
  std::string cases;
  for (const CLI::App* command : commands_of(program)) {
    names += fmt::format("    '{}:{}'\n", command->get_name(), escaped(command->get_description()));
    cases += fmt::format("    {}) _arguments", command->get_name());
    const std::vector<std::string> parts = names_of(commands_of(*command));
    if (!parts.empty()) cases += fmt::format(" \\\n      '1:command:({})'", joined(parts));
    for (const auto& [name, option] : zsh_flags_of(*command)) {
      // A flag without a value takes none of the words behind it.
      const std::string value = option->get_items_expected_max() == 0
                                    ? ""
                                    : fmt::format(":{}:_files", option->get_type_name());
      cases +=
          fmt::format(" \\\n      '--{}[{}]{}'", name, escaped(option->get_description()), value);
    }
    cases += " \\\n      '*:file:_files' ;;\n";
  }
  return fmt::format(R"(#compdef muster
_muster() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
compdef _muster muster
)",
                     names, cases);
}

}  // namespace muster::app
