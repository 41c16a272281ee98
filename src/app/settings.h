// What an operator can set, and where it may come from: flag > environment > TOML file > default.
//
//   Result<Settings> settings = load_settings({.flags = {{"listen", "0.0.0.0:80"}}});
//   for (const SettingRow& row : setting_rows()) help << flag_of(row) << row.help;
//
// One constexpr table (settings.cc) gives flags, environment names, TOML keys, help and
// documentation. An empty environment variable counts as not set. Pure but for reading the file.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/address_range.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/result.h"
#include "directory/batch_plan.h"

namespace muster::app {

struct Endpoint {
  std::string address;  // an IPv4 or IPv6 address, without brackets
  std::uint16_t port = 0;
};

struct Settings {
  std::string data_dir;
  std::string store_url;  // empty: the data directory
  std::string store_password_file;
  std::int64_t store_domain = 0;  // 0: the only one
  std::size_t store_connections = 0;
  Endpoint listen;
  std::string seed_file;  // empty: demo data
  std::int64_t demo_users = 0;
  std::string public_url;  // without a trailing slash; empty: from the request
  std::vector<AddressRange> trusted_proxies;
  // Whose pages may call from a browser; empty: nobody's.
  std::vector<std::string> cors_origins;
  std::string tls_cert;  // both or neither
  std::string tls_key;
  log::Format log_format = log::Format::kText;
  std::int64_t session_idle_minutes = 0;
  int logins_per_minute = 0;
  int burst_limit = 0;
  std::size_t connections_per_address = 0;
  directory::BlankCell blank_cell = directory::BlankCell::kClear;
  int io_threads = 0;
  int worker_threads = 0;
  std::string admin_user;      // empty: admin@<domain>
  std::string admin_password;  // empty: one is generated
};

// kSecret: environment only, since arguments and files are read by others. kQuiet: may hold a
// secret, so it is not repeated when it is wrong.
enum class SettingSource : std::uint8_t { kAny, kQuiet, kSecret };

struct SettingRow {
  std::string_view key;  // TOML key, "log_format", "cors.origins"; flag and variable derive from it
  std::string_view value_name;
  std::string_view default_text;  // parsed like any other value; empty: not set
  std::string_view help;
  SettingSource source;
  // kInvalidData with the reason only; the caller names the setting.
  Result<void> (*apply)(Settings& settings, std::string_view text);
};

[[nodiscard]] std::span<const SettingRow> setting_rows();
[[nodiscard]] std::string flag_of(const SettingRow& row);                  // "--log-format"
[[nodiscard]] std::string environment_variable_of(const SettingRow& row);  // "MUSTER_LOG_FORMAT"

struct SettingInputs {
  std::map<std::string, std::string, std::less<>> flags;  // by key
  std::function<std::optional<std::string>(const std::string& name)> environment;
  std::string config_file;  // of --config; empty: MUSTER_CONFIG, else none
};

// kInvalidData naming the setting, where it came from (file with line and column) and what is
// wrong with it: unreadable file, unknown key, value out of range.
[[nodiscard]] Result<Settings> load_settings(const SettingInputs& inputs);

}  // namespace muster::app
