// Everything a handler may look at: one request, who sends it, and the server's services.
//
//   Result<Answer> keep_alive(const RequestContext& context) {
//     context.state.dependencies.sessions.touch(context.caller());
//     return success();
//   }
//
// Made by Api::begin(), completed by the body, then handed to the route's handler. One per
// request, used by one thread at a time; refers to the request and to the server's state.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/log_throttle.h"
#include "codec/form.h"
#include "codec/media_type.h"
#include "directory/batch_plan.h"
#include "directory/caller.h"
#include "http/message.h"
#include "vault_api/answer.h"
#include "vault_api/api.h"
#include "vault_api/audit_files.h"
#include "vault_api/burst_limiter.h"
#include "vault_api/held_bytes.h"
#include "vault_api/long_queries.h"
#include "vault_api/one_at_a_time.h"
#include "vault_api/origin.h"
#include "vault_api/path_match.h"
#include "vault_api/versions.h"

namespace muster::vault_api {

struct Route;

// What all requests of one server share. Thread-safe.
struct ApiState {
  ApiState(ApiDependencies services, ApiSettings given)
      : dependencies(services),
        settings(std::move(given)),
        burst(settings.burst_limit, services.store) {}

  const ApiDependencies dependencies;
  const ApiSettings settings;
  BurstLimiter burst;
  log::Throttle refusals;
  OneAtATime<directory::UserId> login_audit_readers;
  OneAtATime<directory::Digest> keys_in_use;  // of calls with an Idempotency-Key
  AuditFiles audit_files;
  HeldBytes held_forms;
  LongQueries long_queries;
};

// What the answer's headers and the log line say of a call.
struct CallFacts {
  std::string method;
  std::string_view route = "none";  // path template; a fixed set, so it may label a metric
  std::optional<Version> version;
  std::string execution_id;
  std::string client_id = "unknown";
  std::string reference_id;
  std::string source_address;
  std::string_view cors_origin;  // whose page may read the answer; empty: no page asks
  std::string_view refused_for;  // why http/ let no route see the call; empty: it did
  std::optional<SessionFacts> session;
  Timestamp arrived{};
  std::chrono::milliseconds started{0};  // steady time
};

// A field of a body that describes one object.
struct ObjectCell {
  std::string name;
  directory::ValueKind kind = directory::ValueKind::kText;
  std::string text;
};

struct RequestContext {
  RequestContext(const http::Request& received, ApiState& shared)
      : request(received), state(shared) {}

  const http::Request& request;
  ApiState& state;
  CallFacts facts;
  const Route* route = nullptr;
  Origin origin;
  PathArguments path;
  std::vector<codec::FormField> query;
  codec::AnswerFormat answer_format = codec::AnswerFormat::kJson;
  std::optional<directory::Caller> session;  // of a live session
  std::vector<codec::FormField> form;        // body of a form route
  bool has_form = false;                     // the body was a form
  std::vector<ObjectCell> cells;             // body of a route about one object
  directory::BatchPlan plan;                 // body of a bulk route
  directory::Digest body_digest{};           // of the body's bytes, if there is an Idempotency-Key

  // REQUIRES: a route that needs a session.
  [[nodiscard]] const directory::Caller& caller() const {
    MUSTER_ASSERT(session.has_value());
    return *session;
  }
  // The query parameter, empty when it was not sent.
  [[nodiscard]] std::string_view parameter(std::string_view name) const {
    const codec::FormField* field = codec::find(query, name);
    return field == nullptr ? std::string_view{} : std::string_view(field->value);
  }
  // The field of the form, else the query parameter: some clients send either.
  [[nodiscard]] std::string_view form_or_query(std::string_view name) const {
    const codec::FormField* field = codec::find(form, name);
    return field == nullptr ? parameter(name) : std::string_view(field->value);
  }
};

}  // namespace muster::vault_api
