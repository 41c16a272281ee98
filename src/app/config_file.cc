#include "app/config_file.h"

#include <toml++/toml.h>

#include <optional>
#include <utility>

#include "app/read_file.h"
#include "base/limits.h"

namespace muster::app {
namespace {

std::string position_of(const std::string& path, const toml::source_position& at) {
  return path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
  return std::nullopt;
}

std::optional<std::string> value_text(const toml::node& node) {
  const toml::array* list = node.as_array();
  if (list == nullptr) return scalar_text(node);
  std::string joined;
  for (const toml::node& item : *list) {
    const auto text = scalar_text(item);
    if (!text) return std::nullopt;
    if (&item != &list->front()) joined += ',';
    joined += *text;
  }
  return joined;
}

// Recursive: the parser limits how deep tables nest.
Result<void> add_entries(std::vector<ConfigEntry>& entries, const toml::table& table,
                         const std::string& prefix, const std::string& path) {
  for (const auto& [key, node] : table) {
    ConfigEntry entry{prefix + std::string(key.str()), {}, position_of(path, key.source().begin)};
    const toml::table* inner = node.as_table();
    if (inner != nullptr && !inner->empty()) {
      if (auto added = add_entries(entries, *inner, entry.key + ".", path); !added) return added;
      continue;
    }
    if (inner == nullptr) {
      auto text = value_text(node);
      if (!text) {
        return fail(ErrorType::kInvalidData,
                    entry.position + ": [" + entry.key +
                        "] needs a string, a whole number, true, false or a list of them");
      }
      entry.text = std::move(*text);
    }
    entries.push_back(std::move(entry));
  }
  return {};
}

}  // namespace

Result<std::vector<ConfigEntry>> parse_config(std::string_view toml, const std::string& path) {
  toml::table table;
  try {
    table = toml::parse(toml);
  } catch (const toml::parse_error& error) {
    return fail(ErrorType::kInvalidData,
                position_of(path, error.source().begin) + ": " + std::string(error.description()));
  }
  std::vector<ConfigEntry> entries;
  if (auto added = add_entries(entries, table, "", path); !added) {
    return std::unexpected(added.error());
  }
  return entries;
}

Result<std::vector<ConfigEntry>> read_config_file(const std::string& path) {
  const auto text = read_file(path, limits::kConfigBytesMax);
  if (!text) return std::unexpected(text.error());
  return parse_config(*text, path);
}

}  // namespace muster::app
