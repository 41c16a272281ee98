// The closed list of error types this API can answer, and the error value that
// travels through the program. An adapter translates its library's errors into
// `Error` once, at its own edge; what it does not know becomes kUnexpectedError.
//
//   return std::unexpected(Error{ErrorType::kInvalidData, "More than 500 records."});
//
// Values only: safe to use from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace muster {

// The API's error types (Vault API reference, "Errors"). wire_name() is derived from
// the one table in error.cc; adding a type is one row there.
enum class ErrorType : std::uint8_t {
  kUnexpectedError,
  kMalformedUrl,
  kMethodNotSupported,
  kInactiveUser,
  kNoPasswordProvided,
  kUsernameOrPasswordIncorrect,
  kUserLockedOut,
  kPasswordChangeRequired,
  kInvalidSessionId,
  kParameterRequired,
  kInvalidData,
  kInsufficientAccess,
  kOperationNotAllowed,
  kAttributeNotSupported,
  kInvalidFilter,
  kIncorrectQuerySyntaxError,
  kRaceCondition,
  kExceedsFileMaxSize,
  kApiLimitExceeded,
  kConfigurationModeEnabled,
  kOperationInProgress,
  kItemNameExists,
  kUserNotFound,
  kFederatedIdAlreadyExists,
};

struct Error {
  ErrorType type = ErrorType::kUnexpectedError;
  std::string message;

  friend bool operator==(const Error&, const Error&) = default;
};

// The text clients compare with, for example "INVALID_DATA".
[[nodiscard]] std::string_view wire_name(ErrorType type);

}  // namespace muster
