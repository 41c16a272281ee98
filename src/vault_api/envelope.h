// The JSON object around every answer (protocol sections 1.5, 4.2).
//
//   codec::JsonWriter json = begin_success();
//   json.member("id", 25001);
//   return end_success(json);   // {"responseStatus":"SUCCESS","id":25001}
//
// Pure functions, safe from any thread.
#pragma once

#include <span>
#include <string_view>

#include "base/error.h"
#include "codec/json_writer.h"
#include "vault_api/answer.h"

namespace muster::vault_api {

// An open object with its responseStatus.
[[nodiscard]] codec::JsonWriter begin_success();
// Closes the object. REQUIRES: nothing else is open.
[[nodiscard]] Answer end_success(codec::JsonWriter& json);
// The same of a call that may also have gone well with a warning, or failed with more to say than
// failure() does. REQUIRES: both times the same status.
[[nodiscard]] codec::JsonWriter begin_answer(ResponseStatus status);
[[nodiscard]] Answer end_answer(codec::JsonWriter& json, ResponseStatus status);
// Success that says nothing more.
[[nodiscard]] Answer success();

// FAILURE, or EXCEPTION for kUnexpectedError.
[[nodiscard]] Answer failure(const Error& error);
// All errors of the one record of a call; the message is that of the first. REQUIRES: not empty.
[[nodiscard]] Answer failure(std::span<const Error> errors);

// failure() with the errorType that only a failed login has.
[[nodiscard]] Answer login_failure(const Error& error);

// "warnings" with one of them; its type stands under both of the keys that clients read.
void write_warnings(codec::JsonWriter& json, std::string_view type, std::string_view message);

// {"type":"INVALID_DATA","message":"..."}
void write_error(codec::JsonWriter& json, const Error& error);

}  // namespace muster::vault_api
