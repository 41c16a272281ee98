// The server's JSON answers as values (docs/api). Pure functions, safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace muster::loader {

struct ApiError {
  std::string type;  // "INVALID_DATA"
  std::string message;
  friend bool operator==(const ApiError&, const ApiError&) = default;
};

// Of a dry run; values as JSON text.
struct FieldChange {
  std::string field;
  std::string before;
  std::string after;
  friend bool operator==(const FieldChange&, const FieldChange&) = default;
};

struct RecordAnswer {
  bool succeeded = false;
  std::string id;                // as sent; empty for a user who was not created
  std::vector<ApiError> errors;  // of a failure
  std::vector<FieldChange> changes;
  friend bool operator==(const RecordAnswer&, const RecordAnswer&) = default;
};

struct BatchAnswer {
  std::string status;            // "SUCCESS", "FAILURE", "EXCEPTION"
  std::vector<ApiError> errors;  // of the call as a whole
  bool dry_run = false;
  std::optional<std::vector<RecordAnswer>> records;  // none: the call failed as a whole
};

// Each gives kUnexpectedError for text that is no such answer.
[[nodiscard]] Result<BatchAnswer> parse_batch_answer(std::string_view json);
// The names of GET /metadata/objects/users.
[[nodiscard]] Result<std::vector<std::string>> parse_field_names(std::string_view json);
// The session id of a login. kInsufficientAccess with the server's reason when it gives none, but
// kUnexpectedError for a reason that may pass.
[[nodiscard]] Result<std::string> parse_login(std::string_view json);
// "unchanged" of GET /muster/v1/batches/{id}; nullopt when the server does not tell.
[[nodiscard]] std::optional<std::uint64_t> parse_unchanged(std::string_view json);
// The same of the batch with that reference id in GET /muster/v1/batches; nullopt without it.
[[nodiscard]] std::optional<std::uint64_t> parse_unchanged_of(std::string_view json,
                                                              std::string_view reference);

// An error that may pass by itself: the same call may succeed later.
[[nodiscard]] bool may_pass(std::string_view error_type);
[[nodiscard]] bool has_error_that_may_pass(const std::vector<ApiError>& errors);

// "INVALID_DATA: Unknown field." of the first error; the status without one.
[[nodiscard]] std::string whole_failure(const BatchAnswer& answer);

}  // namespace muster::loader
