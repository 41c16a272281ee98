#include "app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace muster::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// A file of its own that is gone with the test.
class ConfigFile {
 public:
  explicit ConfigFile(std::string_view toml)
      : path_(std::filesystem::temp_directory_path() /
              ("muster_settings_" + std::to_string(::getpid()) + ".toml")) {
    std::ofstream(path_) << toml;
  }
  ~ConfigFile() { std::filesystem::remove(path_); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

using Variables = std::map<std::string, std::string, std::less<>>;

Result<Settings> load(Variables flags, const Variables& environment = {}, std::string config = {}) {
  SettingInputs inputs;
  inputs.flags = std::move(flags);
  inputs.environment = [environment](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  };
  inputs.config_file = std::move(config);
  return load_settings(inputs);
}

std::string error_of(const Result<Settings>& settings) {
  return settings ? "no error" : settings.error().message;
}

TEST(Settings, DefaultsServeALaptop) {
  const auto settings = load({});
  ASSERT_TRUE(settings) << error_of(settings);
  EXPECT_EQ(settings->data_dir, "muster-data");
  EXPECT_EQ(settings->listen.address, "127.0.0.1");
  EXPECT_EQ(settings->listen.port, 8080);
  EXPECT_EQ(settings->demo_users, 1000);
  EXPECT_EQ(settings->session_idle_minutes, 20);
  EXPECT_EQ(settings->logins_per_minute, limits::kLoginsPerMinute);
  EXPECT_EQ(settings->blank_cell, directory::BlankCell::kClear);
  EXPECT_TRUE(settings->admin_user.empty());
}

TEST(Settings, ADatabaseTakesThePlaceOfTheDataDirectory) {
  const std::string url = "postgresql://muster@db1,db2/muster?target_session_attrs=read-write";
  const auto settings = load({{"store", url}});
  ASSERT_TRUE(settings) << error_of(settings);
  EXPECT_EQ(settings->store_url, url);
  EXPECT_EQ(settings->store_connections, 24);
  EXPECT_EQ(error_of(load({{"store", url}}, {{"MUSTER_DATA", "/var/lib/muster"}})),
            "--store and --data exclude each other");
}

TEST(Settings, AWrongDatabaseUrlIsNotRepeatedSinceItMayHoldAPassword) {
  EXPECT_EQ(error_of(load({}, {{"MUSTER_STORE", "mysql://muster:s3cret@db/muster"}})),
            "MUSTER_STORE: invalid value: a URL as in postgresql://muster@host/muster is needed");
}

TEST(Settings, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  const ConfigFile file("demo = 1\nburst_limit = 1\nlogins_per_minute = 1\n");
  const auto settings =
      load({{"demo", "3"}}, {{"MUSTER_DEMO", "2"}, {"MUSTER_BURST_LIMIT", "2"}}, file.path());
  ASSERT_TRUE(settings) << error_of(settings);
  EXPECT_EQ(settings->demo_users, 3);
  EXPECT_EQ(settings->burst_limit, 2);
  EXPECT_EQ(settings->logins_per_minute, 1);
  EXPECT_EQ(settings->session_idle_minutes, 20);
}

TEST(Settings, FileNamedByTheEnvironmentIsRead) {
  const ConfigFile file("demo = 7\n");
  const auto settings = load({}, {{"MUSTER_CONFIG", file.path()}});
  ASSERT_TRUE(settings) << error_of(settings);
  EXPECT_EQ(settings->demo_users, 7);
}

TEST(Settings, EmptyVariableCountsAsNotSet) {
  const auto settings = load({}, {{"MUSTER_DEMO", ""}, {"MUSTER_ADMIN_PASSWORD", ""}});
  ASSERT_TRUE(settings) << error_of(settings);
  EXPECT_EQ(settings->demo_users, 1000);
}

TEST(Settings, ListsInFilesAndVariables) {
  const ConfigFile file("trusted_proxies = [\"192.0.2.1\", \"192.0.2.2\"]\n");
  const std::vector both{*AddressRange::parse("192.0.2.1"), *AddressRange::parse("192.0.2.2")};
  EXPECT_EQ(load({}, {}, file.path())->trusted_proxies, both);
  EXPECT_EQ(load({}, {{"MUSTER_TRUSTED_PROXIES", "192.0.2.1, 192.0.2.2"}})->trusted_proxies, both);
}

TEST(Settings, ProxiesAreAddressesOrRanges) {
  const auto settings = load({{"trusted_proxies", "10.0.0.0/8,fd00::/8"}});
  ASSERT_TRUE(settings.has_value());
  EXPECT_TRUE(settings->trusted_proxies.front().contains("10.20.30.40"));
  for (const char* text : {"proxy.example.com", "10.0.0.0/33", "10.0.0.1,,10.0.0.2"}) {
    EXPECT_EQ(error_of(load({{"trusted_proxies", text}})),
              "--trusted-proxies: invalid value [" + std::string(text) +
                  "]: addresses or ranges as in 10.0.0.1,10.1.0.0/16,fd00::/8 are needed");
  }
}

TEST(Settings, OriginsComeFromEachPlace) {
  const std::vector<std::string> both{"https://app.example.com", "http://localhost:3000"};
  EXPECT_EQ(load({{"cors.origins", "https://app.example.com,http://localhost:3000"}})->cors_origins,
            both);
  EXPECT_EQ(load({}, {{"MUSTER_CORS_ORIGINS", "https://app.example.com, http://localhost:3000"}})
                ->cors_origins,
            both);
  for (const char* toml :
       {"cors.origins = [\"https://app.example.com\", \"http://localhost:3000\"]\n",
        "[cors]\norigins = [\"https://app.example.com\", \"http://localhost:3000\"]\n",
        "cors = {origins = \"https://app.example.com,http://localhost:3000\"}\n"}) {
    const ConfigFile file(toml);
    const auto settings = load({}, {}, file.path());
    ASSERT_TRUE(settings) << error_of(settings);
    EXPECT_EQ(settings->cors_origins, both) << toml;
  }
  EXPECT_TRUE(load({})->cors_origins.empty());
}

TEST(Settings, OriginsAreNamedInFull) {
  for (const char* wrong : {"*", "https://*.example.com", "https://app.example.com,*"}) {
    EXPECT_EQ(error_of(load({{"cors.origins", wrong}})),
              "--cors-origins: invalid value [" + std::string(wrong) +
                  "]: cors.origins names each origin in full, without [*]");
  }
  for (const char* wrong :
       {"app.example.com", "https://app.example.com/", "https://a,,https://b"}) {
    EXPECT_THAT(error_of(load({{"cors.origins", wrong}})),
                AllOf(HasSubstr("--cors-origins: invalid value [" + std::string(wrong) + "]"),
                      HasSubstr("no path")));
  }
}

TEST(Settings, UnknownKeyIsNamedWithLineAndColumn) {
  const ConfigFile file("demo = 5\n  lisen = \"127.0.0.1:1\"\n");
  EXPECT_EQ(error_of(load({}, {}, file.path())), file.path() + ":2:3: unknown key [lisen]");
}

TEST(Settings, KeyOfAnUnknownTableIsUnknown) {
  const ConfigFile file("demo = 5\n[server]\nlisten = \"127.0.0.1:1\"\n");
  EXPECT_EQ(error_of(load({}, {}, file.path())), file.path() + ":3:1: unknown key [server.listen]");
}

TEST(Settings, EmptyTableIsAnUnknownKey) {
  const ConfigFile file("demo = 5\n[server]\n");
  EXPECT_THAT(error_of(load({}, {}, file.path())),
              AllOf(HasSubstr(":2:"), HasSubstr("unknown key [server]")));
}

TEST(Settings, BrokenTomlIsNamedWithLineAndColumn) {
  const ConfigFile file("demo = 5\nlisten = \n");
  EXPECT_THAT(error_of(load({}, {}, file.path())), HasSubstr(file.path() + ":2:"));
}

TEST(Settings, WrongValueInTheFileIsNamedWithLineAndColumn) {
  const ConfigFile file("\ndemo = -1\n");
  EXPECT_THAT(error_of(load({}, {}, file.path())),
              AllOf(HasSubstr(":2:1: invalid value [-1]"), HasSubstr("from 0 to")));
}

TEST(Settings, ValueOfAnotherKindIsRefused) {
  const ConfigFile file("demo = 1.5\n");
  EXPECT_THAT(error_of(load({}, {}, file.path())), HasSubstr(":1:1: [demo] needs a string"));
}

TEST(Settings, MissingFileIsNamed) {
  EXPECT_EQ(error_of(load({}, {}, "/nowhere/muster.toml")),
            "/nowhere/muster.toml: cannot be read: No such file or directory");
}

TEST(Settings, PasswordInTheFileIsRefused) {
  const ConfigFile file("admin_password = \"Secret-1\"\n");
  const std::string error = error_of(load({}, {}, file.path()));
  EXPECT_THAT(error, HasSubstr("MUSTER_ADMIN_PASSWORD"));
  EXPECT_THAT(error, Not(HasSubstr("Secret-1")));
}

TEST(Settings, TooLongPasswordIsNotRepeated) {
  const std::string error = error_of(load({}, {{"MUSTER_ADMIN_PASSWORD", std::string(300, 'x')}}));
  EXPECT_EQ(error, "MUSTER_ADMIN_PASSWORD: invalid value: at most 256 bytes are allowed");
}

TEST(Settings, Addresses) {
  const auto v6 = load({{"listen", "[::1]:0"}});
  ASSERT_TRUE(v6) << error_of(v6);
  EXPECT_EQ(v6->listen.address, "::1");
  EXPECT_EQ(v6->listen.port, 0);
  for (const char* wrong : {"8080", ":8080", "::1:8080", "127.0.0.1:", "127.0.0.1:65536", "[]:1"}) {
    EXPECT_THAT(error_of(load({{"listen", wrong}})),
                HasSubstr("--listen: invalid value [" + std::string(wrong) + "]"));
  }
}

TEST(Settings, PublicUrlIsSchemeAndHost) {
  EXPECT_EQ(load({{"public_url", "https://muster.example.com:8443"}})->public_url,
            "https://muster.example.com:8443");
  for (const char* wrong :
       {"muster.example.com", "https://", "https://a/b", "https://a/", "ftp://a"}) {
    EXPECT_THAT(error_of(load({{"public_url", wrong}})), HasSubstr("--public-url: invalid value"));
  }
}

TEST(Settings, CertificateNeedsItsKey) {
  EXPECT_EQ(error_of(load({{"tls_cert", "server.pem"}})),
            "--tls-cert and --tls-key are needed together");
}

TEST(Settings, NamesDeriveFromTheKey) {
  std::set<std::string_view> keys;
  for (const SettingRow& row : setting_rows()) {
    EXPECT_TRUE(keys.insert(row.key).second) << row.key << " stands twice";
    EXPECT_FALSE(row.help.empty()) << row.key;
    if (row.key == "log_format") {
      EXPECT_EQ(flag_of(row), "--log-format");
      EXPECT_EQ(environment_variable_of(row), "MUSTER_LOG_FORMAT");
    }
    if (row.key == "cors.origins") {
      EXPECT_EQ(flag_of(row), "--cors-origins");
      EXPECT_EQ(environment_variable_of(row), "MUSTER_CORS_ORIGINS");
    }
  }
  EXPECT_TRUE(keys.contains("log_format"));
  EXPECT_TRUE(keys.contains("cors.origins"));
}

}  // namespace
}  // namespace muster::app
