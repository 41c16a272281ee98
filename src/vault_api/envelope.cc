#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

ResponseStatus status_of(const Error& error) {
  return error.type == ErrorType::kUnexpectedError ? ResponseStatus::kException
                                                   : ResponseStatus::kFailure;
}

codec::JsonWriter begin_failure(std::span<const Error> errors) {
  codec::JsonWriter json;
  json.begin_object();
  json.member("responseStatus", wire_name(status_of(errors.front())));
  json.member("responseMessage", errors.front().message);
  json.key("errors");
  json.begin_array();
  for (const Error& error : errors) write_error(json, error);
  json.end_array();
  return json;
}

Answer end_failure(codec::JsonWriter& json, const Error& error) {
  json.end_object();
  return {.status = status_of(error), .body = json.take()};
}

}  // namespace

std::string_view wire_name(ResponseStatus status) {
  switch (status) {
    case ResponseStatus::kSuccess:
      return "SUCCESS";
    case ResponseStatus::kWarning:
      return "WARNING";
    case ResponseStatus::kFailure:
      return "FAILURE";
    case ResponseStatus::kException:
      break;
  }
  return "EXCEPTION";
}

codec::JsonWriter begin_success() { return begin_answer(ResponseStatus::kSuccess); }

codec::JsonWriter begin_answer(ResponseStatus status) {
  constexpr std::size_t kUsualBytes = 1024;  // one user
  codec::JsonWriter json;
  json.reserve(kUsualBytes);
  json.begin_object();
  json.member("responseStatus", wire_name(status));
  return json;
}

Answer end_success(codec::JsonWriter& json) { return end_answer(json, ResponseStatus::kSuccess); }

Answer end_answer(codec::JsonWriter& json, ResponseStatus status) {
  json.end_object();
  return {.status = status, .body = json.take()};
}

Answer success() {
  codec::JsonWriter json = begin_success();
  return end_success(json);
}

Answer failure(const Error& error) { return failure(std::span(&error, 1)); }

Answer failure(std::span<const Error> errors) {
  codec::JsonWriter json = begin_failure(errors);
  return end_failure(json, errors.front());
}

Answer login_failure(const Error& error) {
  codec::JsonWriter json = begin_failure(std::span(&error, 1));
  json.member("errorType", "AUTHENTICATION_FAILED");
  return end_failure(json, error);
}

void write_warnings(codec::JsonWriter& json, std::string_view type, std::string_view message) {
  json.key("warnings");
  json.begin_array();
  json.begin_object();
  json.member("warning_type", type);
  json.member("type", type);
  json.member("message", message);
  json.end_object();
  json.end_array();
}

void write_error(codec::JsonWriter& json, const Error& error) {
  json.begin_object();
  json.member("type", wire_name(error.type));
  json.member("message", error.message);
  json.end_object();
}

}  // namespace muster::vault_api
