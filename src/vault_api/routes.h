// The route table: what the API offers, in one place. To add an endpoint, write a function
// `Result<Answer> f(const RequestContext&)` and add a row in routes.cc.
//
//   Result<RouteMatch> match = find_route("PUT", "/api/v23.3/objects/users");
//
// Immutable data, safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "codec/media_type.h"
#include "http/message.h"
#include "vault_api/answer.h"
#include "vault_api/path_match.h"
#include "vault_api/request_context.h"
#include "vault_api/versions.h"

namespace muster::vault_api {

enum class SessionNeed : std::uint8_t {
  kNone,      // an Authorization field is not looked at
  kOptional,  // works without one, but a dead session is an error
  kRequired,
};

enum class BodyKind : std::uint8_t {
  kIgnored,     // read and dropped: clients send empty forms with GET
  kForm,        // urlencoded or multipart, ends up in RequestContext::form
  kBulk,        // CSV or JSON records, end up in RequestContext::plan
  kObject,      // a form or a flat JSON object, ends up in RequestContext::cells
  kFormOrBulk,  // the content type says which; a form may carry a picture
};

// An error becomes the failure envelope; kUnexpectedError becomes EXCEPTION and its message goes to
// the log only.
using Handler = Result<Answer> (*)(const RequestContext&);
// Judges a call before its body is read: rights, query parameters.
using Admission = Result<void> (*)(const RequestContext&);
// What the records of a bulk body ask for.
using BulkRules = Result<directory::BatchRules> (*)(const RequestContext&);

inline constexpr codec::AnswerFormat kJsonOrXml[] = {codec::AnswerFormat::kJson,
                                                     codec::AnswerFormat::kXml};

struct Route {
  std::string_view method;
  std::string_view path;  // template, see path_match.h; "{version}" is a known API version
  Handler handler = nullptr;
  SessionNeed session = SessionNeed::kRequired;
  BodyKind body = BodyKind::kIgnored;
  http::Pool pool = http::Pool::kGeneral;
  Version since = kFirstVersion;
  std::uint64_t body_bytes_max = limits::kFormBytesMax;
  // Formats of a success, the default first. Handlers write JSON where XML is wanted, and api.cc
  // translates it. A call that fails as a whole never answers CSV.
  std::span<const codec::AnswerFormat> offers = kJsonOrXml;
  Admission admission = nullptr;
  BulkRules rules = nullptr;  // of a bulk body
};

// A literal path stands before the template that would match it too.
[[nodiscard]] std::span<const Route> all_routes();

struct RouteMatch {
  const Route* route;
  PathArguments path;
  std::optional<Version> version;  // absent for paths without one
};

// kMalformedUrl: unknown path or version. kMethodNotSupported: a known path without that
// method, or a version older than the call.
[[nodiscard]] Result<RouteMatch> find_route(std::string_view method, std::string_view path);

}  // namespace muster::vault_api
