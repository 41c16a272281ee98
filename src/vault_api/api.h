// The Vault Users REST API as an http::Service: everything below /api and /sample-files.
//
//   vault_api::Api api({users, sessions, store, clock, random, metrics}, settings);
//   http::Begun begun = api.begin(request);  // then on_body()..., finish()
//
// An endpoint is one plain function and one row of the route table (routes.cc); begin() finds
// the row, checks version, size and session before the body, and every answer leaves with the
// headers of protocol section 1.8, one log line and one counter.
//
// Thread-safe. Holds references to its dependencies, which outlive it; the exchanges it makes
// refer to it and do not outlive it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/address_range.h"
#include "base/metrics.h"
#include "directory/batch_plan.h"
#include "directory/clock.h"
#include "directory/password_service.h"
#include "directory/secrets.h"
#include "directory/session_service.h"
#include "directory/store.h"
#include "directory/user_service.h"
#include "http/message.h"

namespace muster::vault_api {

struct ApiSettings {
  // What clients call this server by, "https://muster.example.com"; no trailing slash. Empty:
  // taken from the request (X-Forwarded-Proto/Host of a trusted proxy, else scheme and Host).
  std::string public_url = {};
  // Whose X-Forwarded-* fields are believed.
  std::vector<AddressRange> trusted_proxies = {};
  // What an empty cell of an optional field does on update (protocol 2.5).
  directory::BlankCell blank_cell = directory::BlankCell::kClear;
  // Calls per vault and five minutes before answers are delayed; 0 = never delayed (1.9).
  int burst_limit = 0;
  // Whose pages may call from a browser: exact origins (cors.h). Empty: nobody's.
  std::vector<std::string> cors_origins = {};
};

struct ApiDependencies {
  directory::UserService& users;
  directory::SessionService& sessions;
  directory::PasswordService& passwords;
  directory::Store& store;
  const directory::Clock& clock;
  directory::RandomSource& random;
  const directory::Hasher& hasher;
  Metrics& metrics;
};

struct ApiState;

class Api : public http::Service {
 public:
  Api(ApiDependencies dependencies, ApiSettings settings);
  ~Api() override;

  // A Response to a browser's preflight (cors.h) and when the request fails before its body
  // (unknown path, dead session, too large, no right to call it); otherwise an Exchange on the
  // route's pool.
  [[nodiscard]] http::Begun begin(const http::Request& request) override;

  // Sessions are looked up in begin().
  [[nodiscard]] bool may_wait(const http::Request& request) const override;

  // The JSON envelope under `status`; 413 and 500 travel as 200, as the API documents
  // (EXCEEDS_FILE_MAX_SIZE, UNEXPECTED_ERROR with nothing but the execution id).
  [[nodiscard]] http::Response refusal(const http::Request& request, int status,
                                       std::string_view message) override;

 private:
  std::unique_ptr<ApiState> state_;
};

}  // namespace muster::vault_api
