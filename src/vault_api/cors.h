// Calls from pages of another origin (protocol 1.10; "CORS protocol" of the Fetch standard): which
// origins may call, and the header fields by which their browser learns it.
//
//   facts.cors_origin = listed_origin(request, settings);  // empty: everything as without CORS
//   if (!facts.cors_origin.empty() && is_preflight(request)) allow_call(response);
//   if (!facts.cors_origin.empty()) allow_reading(response, facts.cors_origin);
//
// Only browsers look at these fields; whoever calls still needs a session. It rides in a header
// field that the page itself sets, so credentials mode is never allowed, and neither is "*".
//
// Pure functions, safe from any thread.
#pragma once

#include <string_view>

#include "http/message.h"
#include "vault_api/api.h"

namespace muster::vault_api {

// What a browser may send as Origin: "https://app.example.com", "http://[::1]:3000",
// "chrome-extension://abcdefgh". In lower case, without a path and without the default port: since
// origins are compared as texts, anything else in the list would never match.
[[nodiscard]] bool is_web_origin(std::string_view text);

// The request's Origin when the list has exactly that, else empty. Points into `settings`.
[[nodiscard]] std::string_view listed_origin(const http::Request& request,
                                             const ApiSettings& settings);

// The question that a browser sends ahead of a call.
[[nodiscard]] bool is_preflight(const http::Request& request);

// Makes `response` the answer to a preflight: 204, the methods and header fields of this API.
void allow_call(http::Response& response);

// Lets pages of `origin` read `response`, with all header fields that it has by now.
void allow_reading(http::Response& response, std::string_view origin);

}  // namespace muster::vault_api
