#include "loader/api_answer.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/text.h"

namespace muster::loader {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return {};
  if (value->is_string()) return std::string(std::string_view(value->get_string()));
  return value->is_null() ? std::string() : json::serialize(*value);
}

const json::array* array_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_array();
}

// Calls `take` with each object of the array under `key`.
template <typename Take>
void for_each_object(const json::object& object, std::string_view key, Take take) {
  const json::array* array = array_of(object, key);
  if (array == nullptr) return;
  for (const json::value& value : *array) {
    if (value.is_object()) take(value.get_object());
  }
}

std::vector<ApiError> errors_of(const json::object& object) {
  std::vector<ApiError> errors;
  for_each_object(object, "errors", [&](const json::object& error) {
    errors.push_back({text_of(error, "type"), text_of(error, "message")});
  });
  return errors;
}

std::string json_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? "null" : json::serialize(*value);
}

RecordAnswer record_of(const json::object& object) {
  RecordAnswer record{.succeeded = text_of(object, "responseStatus") != "FAILURE",
                      .id = text_of(object, "id"),
                      .errors = errors_of(object),
                      .changes = {}};
  for_each_object(object, "changes", [&](const json::object& change) {
    record.changes.push_back(
        {text_of(change, "field"), json_of(change, "old"), json_of(change, "new")});
  });
  return record;
}

// The envelope, parsed into memory of its own that goes with it.
class Envelope {
 public:
  explicit Envelope(std::string_view text) : value_(parse(text, &memory_)) {}
  [[nodiscard]] const json::object* object() const { return value_.if_object(); }

 private:
  static json::value parse(std::string_view text, json::storage_ptr memory) {
    boost::system::error_code error;
    json::value value = json::parse(text, error, std::move(memory));
    return error ? json::value() : value;
  }

  json::monotonic_resource memory_;
  json::value value_;
};

std::unexpected<Error> not_ours(std::string_view text) {
  return fail(ErrorType::kUnexpectedError,
              "The answer is not one of a Vault API: [" + printable_excerpt(text) + "]");
}

}  // namespace

Result<BatchAnswer> parse_batch_answer(std::string_view text) {
  const Envelope envelope(text);
  if (envelope.object() == nullptr) return not_ours(text);
  const json::object& object = *envelope.object();
  BatchAnswer answer;
  answer.status = text_of(object, "responseStatus");
  if (answer.status.empty()) return not_ours(text);
  answer.errors = errors_of(object);
  const json::value* dry_run = object.if_contains("dryRun");
  answer.dry_run = dry_run != nullptr && dry_run->is_bool() && dry_run->get_bool();
  if (array_of(object, "data") != nullptr) {
    auto& records = answer.records.emplace();
    for_each_object(object, "data",
                    [&](const json::object& record) { records.push_back(record_of(record)); });
  }
  return answer;
}

Result<std::vector<std::string>> parse_field_names(std::string_view text) {
  const Envelope envelope(text);
  if (envelope.object() == nullptr) return not_ours(text);
  std::vector<std::string> names;
  for_each_object(*envelope.object(), "properties", [&](const json::object& property) {
    names.push_back(text_of(property, "name"));
  });
  if (names.empty()) return not_ours(text);
  return names;
}

Result<std::string> parse_login(std::string_view text) {
  const Envelope envelope(text);
  if (envelope.object() == nullptr) return not_ours(text);
  if (std::string id = text_of(*envelope.object(), "sessionId"); !id.empty()) return id;
  const auto answer = parse_batch_answer(text);
  if (!answer) return std::unexpected(answer.error());
  return fail(has_error_that_may_pass(answer->errors) ? ErrorType::kUnexpectedError
                                                      : ErrorType::kInsufficientAccess,
              "The login failed: " + whole_failure(*answer));
}

std::optional<std::uint64_t> parse_unchanged(std::string_view text) {
  const Envelope envelope(text);
  if (envelope.object() == nullptr) return std::nullopt;
  const json::value* batch = envelope.object()->if_contains("batch");
  if (batch == nullptr || !batch->is_object()) return std::nullopt;
  return parse_digits<std::uint64_t>(text_of(batch->get_object(), "unchanged"));
}

std::optional<std::uint64_t> parse_unchanged_of(std::string_view text, std::string_view reference) {
  const Envelope envelope(text);
  if (envelope.object() == nullptr) return std::nullopt;
  std::optional<std::uint64_t> unchanged;
  for_each_object(*envelope.object(), "batches", [&](const json::object& batch) {
    if (text_of(batch, "reference_id") != reference) return;
    unchanged = parse_digits<std::uint64_t>(text_of(batch, "unchanged"));
  });
  return unchanged;
}

bool may_pass(std::string_view error_type) {
  constexpr std::array<ErrorType, 5> kPassing{
      ErrorType::kUnexpectedError, ErrorType::kRaceCondition, ErrorType::kApiLimitExceeded,
      ErrorType::kOperationInProgress, ErrorType::kConfigurationModeEnabled};
  return std::ranges::any_of(kPassing,
                             [&](ErrorType type) { return wire_name(type) == error_type; });
}

bool has_error_that_may_pass(const std::vector<ApiError>& errors) {
  return std::ranges::any_of(errors, [](const ApiError& error) { return may_pass(error.type); });
}

std::string whole_failure(const BatchAnswer& answer) {
  if (answer.errors.empty()) return answer.status;
  return answer.errors.front().type + ": " + answer.errors.front().message;
}

}  // namespace muster::loader
