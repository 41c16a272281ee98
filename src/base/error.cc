#include "base/error.h"

#include <array>
#include <utility>

#include "base/assert.h"

namespace muster {
namespace {

constexpr auto kWireNames = std::to_array<std::pair<ErrorType, std::string_view>>({
    {ErrorType::kUnexpectedError, "UNEXPECTED_ERROR"},
    {ErrorType::kMalformedUrl, "MALFORMED_URL"},
    {ErrorType::kMethodNotSupported, "METHOD_NOT_SUPPORTED"},
    {ErrorType::kInactiveUser, "INACTIVE_USER"},
    {ErrorType::kNoPasswordProvided, "NO_PASSWORD_PROVIDED"},
    {ErrorType::kUsernameOrPasswordIncorrect, "USERNAME_OR_PASSWORD_INCORRECT"},
    {ErrorType::kUserLockedOut, "USER_LOCKED_OUT"},
    {ErrorType::kPasswordChangeRequired, "PASSWORD_CHANGE_REQUIRED"},
    {ErrorType::kInvalidSessionId, "INVALID_SESSION_ID"},
    {ErrorType::kParameterRequired, "PARAMETER_REQUIRED"},
    {ErrorType::kInvalidData, "INVALID_DATA"},
    {ErrorType::kInsufficientAccess, "INSUFFICIENT_ACCESS"},
    {ErrorType::kOperationNotAllowed, "OPERATION_NOT_ALLOWED"},
    {ErrorType::kAttributeNotSupported, "ATTRIBUTE_NOT_SUPPORTED"},
    {ErrorType::kInvalidFilter, "INVALID_FILTER"},
    {ErrorType::kIncorrectQuerySyntaxError, "INCORRECT_QUERY_SYNTAX_ERROR"},
    {ErrorType::kRaceCondition, "RACE_CONDITION"},
    {ErrorType::kExceedsFileMaxSize, "EXCEEDS_FILE_MAX_SIZE"},
    {ErrorType::kApiLimitExceeded, "API_LIMIT_EXCEEDED"},
    {ErrorType::kConfigurationModeEnabled, "CONFIGURATION_MODE_ENABLED"},
    {ErrorType::kOperationInProgress, "OPERATION_IN_PROGRESS"},
    {ErrorType::kItemNameExists, "ITEM_NAME_EXISTS"},
    {ErrorType::kUserNotFound, "USER_NOT_FOUND"},
    {ErrorType::kFederatedIdAlreadyExists, "FEDERATED_ID_ALREADY_EXISTS"},
});

}  // namespace

std::string_view wire_name(ErrorType type) {
  const auto index = static_cast<std::size_t>(type);
  MUSTER_ASSERT(index < kWireNames.size() && kWireNames[index].first == type);
  return kWireNames[index].second;
}

}  // namespace muster
