#include "app/settings.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "app/config_file.h"
#include "app/store_location.h"
#include "base/text.h"
#include "vault_api/cors.h"

namespace muster::app {
namespace {

using enum SettingSource;

std::unexpected<Error> refuse(std::string reason) {
  return fail(ErrorType::kInvalidData, std::move(reason));
}

template <std::string Settings::* kMember>
Result<void> text(Settings& settings, std::string_view value) {
  settings.*kMember = value;
  return {};
}

template <auto kMember, std::int64_t kMin, std::int64_t kMax>
Result<void> number(Settings& settings, std::string_view value) {
  const auto parsed = parse_digits<std::int64_t>(value);
  if (!parsed || *parsed < kMin || *parsed > kMax) {
    return refuse("a whole number from " + std::to_string(kMin) + " to " + std::to_string(kMax) +
                  " is needed");
  }
  using Number = std::remove_reference_t<decltype(settings.*kMember)>;
  settings.*kMember = static_cast<Number>(*parsed);
  return {};
}

// "127.0.0.1:8080" or "[::1]:8080".
Result<void> listen(Settings& settings, std::string_view value) {
  const std::size_t colon = value.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return refuse("ADDR:PORT is needed");
  std::string_view address = value.substr(0, colon);
  if (address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  } else if (address.contains(':')) {
    return refuse("an IPv6 address stands in brackets, as in [::1]:8080");
  }
  const auto port = parse_digits<std::uint16_t>(value.substr(colon + 1));
  if (address.empty() || !port) return refuse("ADDR:PORT is needed, PORT from 0 to 65535");
  settings.listen = {std::string(address), *port};
  return {};
}

Result<void> public_url(Settings& settings, std::string_view value) {
  const bool has_scheme = value.starts_with("http://") || value.starts_with("https://");
  const std::size_t host = value.find("//") + 2;
  if (!has_scheme || value.size() == host || value.find_first_of("/?# ", host) != value.npos) {
    return refuse("scheme and host are needed without a path, as in https://muster.example.com");
  }
  settings.public_url = value;
  return {};
}

// The items of "a, b".
std::vector<std::string_view> list_items(std::string_view value) {
  std::vector<std::string_view> items;
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    items.push_back(trim(value.substr(0, comma)));
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return items;
}

Result<void> trusted_proxies(Settings& settings, std::string_view value) {
  settings.trusted_proxies.clear();
  for (const std::string_view item : list_items(value)) {
    const auto range = AddressRange::parse(item);
    if (!range) return refuse("addresses or ranges as in 10.0.0.1,10.1.0.0/16,fd00::/8 are needed");
    settings.trusted_proxies.push_back(*range);
  }
  return {};
}

Result<void> cors_origins(Settings& settings, std::string_view value) {
  settings.cors_origins.clear();
  for (const std::string_view item : list_items(value)) {
    if (item.contains('*')) return refuse("cors.origins names each origin in full, without [*]");
    if (!vault_api::is_web_origin(item)) {
      return refuse(
          "origins as browsers send them are needed, as in "
          "https://app.example.com,http://localhost:3000: lower case, no path, no default port");
    }
    settings.cors_origins.emplace_back(item);
  }
  return {};
}

Result<void> store_url(Settings& settings, std::string_view value) {
  if (!is_store_url(value)) return refuse("a URL as in postgresql://muster@host/muster is needed");
  settings.store_url = value;
  return {};
}

Result<void> log_format(Settings& settings, std::string_view value) {
  if (value != "text" && value != "json") return refuse("text or json is needed");
  settings.log_format = value == "json" ? log::Format::kJson : log::Format::kText;
  return {};
}

Result<void> blank_cell(Settings& settings, std::string_view value) {
  if (value != "clear" && value != "keep") return refuse("clear or keep is needed");
  settings.blank_cell =
      value == "keep" ? directory::BlankCell::kKeep : directory::BlankCell::kClear;
  return {};
}

Result<void> admin_password(Settings& settings, std::string_view value) {
  if (value.size() > limits::kPasswordBytesMax) {
    return refuse("at most " + std::to_string(limits::kPasswordBytesMax) + " bytes are allowed");
  }
  settings.admin_password = value;
  return {};
}

constexpr std::array kRows{
    // clang-format off
    SettingRow{"data", "DIR", "muster-data", "Data directory; made and filled when it is empty", kAny, text<&Settings::data_dir>},
    SettingRow{"store", "URL", "", "PostgreSQL database (postgresql://...) instead of a data directory", kQuiet, store_url},
    SettingRow{"store_password_file", "FILE", "", "Password of the database; without it PGPASSWORD or that of the URL", kAny, text<&Settings::store_password_file>},
    SettingRow{"store_domain", "N", "0", "Which domain of the database; 0: the only one", kAny, number<&Settings::store_domain, 0, 2'147'483'647>},
    SettingRow{"store_connections", "N", "24", "Connections to the database", kAny, number<&Settings::store_connections, 1, 1000>},
    SettingRow{"listen", "ADDR:PORT", "127.0.0.1:8080", "Where to accept connections; port 0 takes a free one", kAny, listen},
    SettingRow{"seed", "FILE", "", "Fills an empty data directory from this seed file (JSON)", kAny, text<&Settings::seed_file>},
    SettingRow{"demo", "N", "1000", "Without a seed file: fills an empty data directory with N invented users", kAny, number<&Settings::demo_users, 0, limits::kDemoUsersMax>},
    SettingRow{"public_url", "URL", "", "What clients call this server by; without it the request's Host", kAny, public_url},
    SettingRow{"trusted_proxies", "RANGE,...", "", "Proxies (10.0.0.1, 10.1.0.0/16) whose X-Forwarded-* fields are believed", kAny, trusted_proxies},
    SettingRow{"cors.origins", "ORIGIN,...", "", "Origins (https://app.example.com) whose pages may call from a browser", kAny, cors_origins},
    SettingRow{"tls_cert", "FILE", "", "Certificate chain (PEM); switches TLS on together with the key", kAny, text<&Settings::tls_cert>},
    SettingRow{"tls_key", "FILE", "", "Private key (PEM)", kAny, text<&Settings::tls_key>},
    SettingRow{"log_format", "text|json", "text", "Form of the log lines on standard error", kAny, log_format},
    SettingRow{"session_idle_minutes", "N", "20", "A session ends after so long without a request", kAny, number<&Settings::session_idle_minutes, 1, 480>},
    SettingRow{"logins_per_minute", "N", "20", "Login attempts per user name and vault; 0: no limit", kAny, number<&Settings::logins_per_minute, 0, 1'000'000>},
    SettingRow{"burst_limit", "N", "0", "Calls per vault and five minutes before answers are delayed; 0: never", kAny, number<&Settings::burst_limit, 0, 1'000'000'000>},
    SettingRow{"connections_per_address", "N", "1000", "Connections of one address; trusted proxies have no such limit", kAny, number<&Settings::connections_per_address, 1, 1'000'000>},
    SettingRow{"blank_cell", "clear|keep", "clear", "What an empty cell does to an optional field on update", kAny, blank_cell},
    SettingRow{"io_threads", "N", "2", "Threads that read and write connections", kAny, number<&Settings::io_threads, 1, 256>},
    SettingRow{"worker_threads", "N", "16", "Threads that apply requests; most of them wait for the disk", kAny, number<&Settings::worker_threads, 1, 1024>},
    SettingRow{"admin_user", "NAME", "", "First administrator of an empty data directory [admin@<domain>]", kSecret, text<&Settings::admin_user>},
    SettingRow{"admin_password", "TEXT", "", "Its password [generated and printed once]", kSecret, admin_password},
    // clang-format on
};

const SettingRow* find_row(std::string_view key) {
  const auto row = std::ranges::find(kRows, key, &SettingRow::key);
  return row == kRows.end() ? nullptr : &*row;
}

// A value together with the place to name when it is wrong.
struct FoundValue {
  std::string text;
  std::string origin;
};

constexpr std::string_view kDefaultOrigin = "default";

using FileValues = std::map<std::string, FoundValue, std::less<>>;

Result<FileValues> file_values(const std::string& path) {
  FileValues values;
  if (path.empty()) return values;
  auto entries = read_config_file(path);
  if (!entries) return std::unexpected(entries.error());
  for (ConfigEntry& entry : *entries) {
    const SettingRow* row = find_row(entry.key);
    if (row == nullptr) return refuse(entry.position + ": unknown key [" + entry.key + "]");
    if (row->source == kSecret) {
      return refuse(entry.position + ": [" + entry.key + "] comes from the environment only, as " +
                    environment_variable_of(*row));
    }
    values[entry.key] = {std::move(entry.text), std::move(entry.position)};
  }
  return values;
}

FoundValue find_value(const SettingRow& row, const SettingInputs& inputs,
                      const FileValues& from_file) {
  if (const auto flag = inputs.flags.find(row.key); flag != inputs.flags.end()) {
    return {flag->second, flag_of(row)};
  }
  const std::string variable = environment_variable_of(row);
  if (auto value = inputs.environment(variable); value && !value->empty()) {
    return {std::move(*value), variable};
  }
  if (const auto entry = from_file.find(row.key); entry != from_file.end()) return entry->second;
  return {std::string(row.default_text), std::string(kDefaultOrigin)};
}

Result<void> check_together(const Settings& settings, bool names_data) {
  if (settings.tls_cert.empty() != settings.tls_key.empty()) {
    return refuse("--tls-cert and --tls-key are needed together");
  }
  if (!settings.store_url.empty() && names_data) {
    return refuse("--store and --data exclude each other");
  }
  return {};
}

}  // namespace

std::span<const SettingRow> setting_rows() { return kRows; }

std::string flag_of(const SettingRow& row) {
  std::string flag = "--" + std::string(row.key);
  std::ranges::replace(flag, '_', '-');
  std::ranges::replace(flag, '.', '-');
  return flag;
}

std::string environment_variable_of(const SettingRow& row) {
  std::string name = "MUSTER_" + std::string(row.key);
  std::ranges::replace(name, '.', '_');
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return name;
}

Result<Settings> load_settings(const SettingInputs& inputs) {
  std::string path = inputs.config_file;
  if (path.empty()) path = inputs.environment("MUSTER_CONFIG").value_or("");
  const auto from_file = file_values(path);
  if (!from_file) return std::unexpected(from_file.error());

  Settings settings;
  bool names_data = false;
  for (const SettingRow& row : kRows) {
    const FoundValue value = find_value(row, inputs, *from_file);
    if (value.text.empty()) continue;
    names_data |= row.key == "data" && value.origin != kDefaultOrigin;
    if (auto applied = row.apply(settings, value.text); !applied) {
      // A wrong secret is not repeated: messages end up in logs.
      const std::string shown = row.source != kAny ? "" : " [" + excerpt(value.text) + "]";
      return refuse(value.origin + ": invalid value" + shown + ": " + applied.error().message);
    }
  }
  if (auto together = check_together(settings, names_data); !together) {
    return std::unexpected(together.error());
  }
  return settings;
}

}  // namespace muster::app
