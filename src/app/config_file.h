// A TOML file as a flat list of keys with their values as text, for settings.h to judge.
//
//   Result<std::vector<ConfigEntry>> entries = read_config_file("/etc/muster.toml");
//
// Strings, whole numbers, booleans and lists of them (joined with commas) are values. A key in
// a table comes with the table's name, "cors.origins"; an empty table is reported as a key of its
// own, which no setting has. Pure but for reading the file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace muster::app {

struct ConfigEntry {
  std::string key;
  std::string text;
  std::string position;  // "muster.toml:3:1", of the key
};

// kInvalidData with file, line and column: unreadable file, broken TOML, a value of another kind.
[[nodiscard]] Result<std::vector<ConfigEntry>> read_config_file(const std::string& path);
[[nodiscard]] Result<std::vector<ConfigEntry>> parse_config(std::string_view toml,
                                                            const std::string& path);

}  // namespace muster::app
