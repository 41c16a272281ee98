#include "app/serve.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "app/fill_store.h"
#include "app/front.h"
#include "app/housekeeping.h"
#include "app/open_files.h"
#include "app/operations.h"
#include "app/stop_signals.h"
#include "app/store_location.h"
#include "app/version.h"
#include "base/log.h"
#include "base/metrics.h"
#include "directory/session_service.h"
#include "directory/user_service.h"
#include "http/server.h"
#include "system/sodium_secrets.h"
#include "system/system_clock.h"
#include "vault_api/api.h"

namespace muster::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookAround{250};  // between two looks at the store while waiting

Result<DirectorySource> source_of(const Settings& settings) {
  if (settings.seed_file.empty()) return demo_source(settings.demo_users);
  auto seed = read_seed_file(settings.seed_file);
  if (!seed) return std::unexpected(seed.error());
  return seed_source(std::move(*seed));
}

// The one place where a password may reach the log: nobody else knows it.
void show_once(const FirstAdministrator& admin) {
  log::warning(fmt::format("first administrator {} has the password {} (shown only now)",
                           admin.user_name, admin.password));
}

Result<void> fill_when_empty(directory::Store& store, const Settings& settings,
                             const FillTools& tools) {
  if (store.initialised()) return {};
  const auto source = source_of(settings);
  if (!source) return std::unexpected(source.error());
  const auto admin =
      fill_store(store, *source, {settings.admin_user, settings.admin_password}, tools);
  if (!admin) return std::unexpected(admin.error());
  log::info("directory filled", {{"domain", source->domain.name}, {"users", source->user_count}});
  if (admin->generated) show_once(*admin);
  return {};
}

http::ServerOptions server_options(const Settings& settings) {
  http::ServerOptions options;
  options.address = settings.listen.address;
  options.port = settings.listen.port;
  options.tls_cert = settings.tls_cert;
  options.tls_key = settings.tls_key;
  options.io_threads = settings.io_threads;
  options.worker_threads = settings.worker_threads;
  options.trusted_peers = settings.trusted_proxies;
  options.limits.connections_per_client_max = settings.connections_per_address;
  options.limits.connections_max = make_room_for_connections(limits::kConnectionsMax);
  return options;
}

void reload_certificate(http::Server& server) {
  if (const auto reloaded = server.reload_certificate(); !reloaded) {
    log::error("certificate not reloaded, the old one stays",
               {{"reason", reloaded.error().message}});
  } else {
    log::info("certificate reloaded");
  }
}

void announce(const Settings& settings, std::uint16_t port) {
  log::flush();  // who waits for this line finds the generated password
  const bool is_v6 = settings.listen.address.contains(':');
  fmt::print("muster ready at {}://{}{}{}:{}\n", settings.tls_cert.empty() ? "http" : "https",
             is_v6 ? "[" : "", settings.listen.address, is_v6 ? "]" : "", port);
  std::fflush(stdout);
}

// Everything between the open store and the closed port.
class Serving {
 public:
  Serving(directory::Store& store, const Settings& settings, Metrics& metrics)
      : store_(store),
        settings_(settings),
        metrics_(metrics),
        users_(store, clock_),
        sessions_(store, clock_, passwords_, hasher_, random_,
                  {.idle_ms = settings.session_idle_minutes * 60'000,
                   .logins_per_minute = settings.logins_per_minute}),
        password_changes_(store, clock_, passwords_),
        api_({users_, sessions_, password_changes_, store, clock_, random_, hasher_, metrics},
             {.public_url = settings.public_url,
              .trusted_proxies = settings.trusted_proxies,
              .blank_cell = settings.blank_cell,
              .burst_limit = settings.burst_limit,
              .cors_origins = settings.cors_origins}),
        operations_(store, metrics),
        front_(operations_, api_) {}

  Result<void> run(StopSignals& signals) {
    const FillTools tools{clock_, passwords_, random_};
    if (auto filled = fill_when_empty(store_, settings_, tools); !filled) return filled;
    if (auto completed = complete_store(store_, clock_); !completed) return completed;
    const Housekeeping housekeeping(store_, sessions_, users_);
    auto server = http::Server::start(server_options(settings_), front_, metrics_);
    if (!server) return std::unexpected(server.error());
    announce(settings_, (*server)->port());
    log::info("ready", {{"version", version()}, {"port", (*server)->port()}});
    while (!signals.wait_for(kLookAround) && !store_.failed()) {
      if (signals.take_reload() && !settings_.tls_cert.empty()) reload_certificate(**server);
    }
    log::info("draining");
    operations_.set_draining();
    if (!(*server)->drain()) {
      log::flush();
      ::_exit(1);  // everything else would wait for the worker
    }
    if (store_.failed()) return fail(ErrorType::kUnexpectedError, "The store has failed.");
    return {};
  }

 private:
  directory::Store& store_;
  const Settings& settings_;
  Metrics& metrics_;
  system::SystemClock clock_;
  system::SodiumPasswordHasher passwords_;
  system::SodiumHasher hasher_;
  system::SodiumRandom random_;
  directory::UserService users_;
  directory::SessionService sessions_;
  directory::PasswordService password_changes_;
  vault_api::Api api_;
  Operations operations_;
  Front front_;
};

Result<void> run(const Settings& settings, Metrics& metrics) {
  StopSignals signals;
  auto opened = open_store({.data_dir = settings.data_dir,
                            .url = settings.store_url,
                            .password_file = settings.store_password_file,
                            .domain = settings.store_domain,
                            .connections = settings.store_connections},
                           metrics);
  if (!opened) return std::unexpected(std::move(opened.error()));
  {
    Serving serving(*opened->store, settings, metrics);
    if (auto served = serving.run(signals); !served) return served;
  }
  opened->close();
  if (opened->store->failed()) return fail(ErrorType::kUnexpectedError, "The store has failed.");
  return {};
}

}  // namespace

int serve(const Settings& settings) {
  log::set_format(settings.log_format);
  Metrics metrics;
  const log::Background background(metrics.log_lines_dropped);
  if (auto served = run(settings, metrics); !served) {
    log::plain("muster: " + served.error().message);
    return 1;
  }
  log::info("stopped");
  return 0;
}

}  // namespace muster::app
