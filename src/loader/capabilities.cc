#include "loader/capabilities.h"

#include <string>

#include "loader/api_answer.h"

namespace muster::loader {
namespace {

Result<BatchAnswer> ask(ApiClient& client, const BatchCall& call, std::string_view body) {
  const auto answer =
      client.call({.method = std::string(call.method()),
                   .target = call.target(),
                   .headers = {{"Content-Type", "text/csv"}, {"Accept", "application/json"}},
                   .body = body});
  if (!answer) return std::unexpected(answer.error());
  return parse_batch_answer(answer->body);
}

}  // namespace

Result<void> require_capabilities(ApiClient& client, const BatchCall& call) {
  if (call.dry_run) {  // a header alone has nothing that could be applied
    const auto answer = ask(client, {.dry_run = true}, "id\n");
    if (!answer) return std::unexpected(answer.error());
    if (!answer->records) return fail(ErrorType::kInvalidData, whole_failure(*answer));
    if (!answer->dry_run) {
      return fail(ErrorType::kInvalidData,
                  "This server knows no dry run: it would apply the file. Nothing was sent.");
    }
  }
  if (call.atomic) {  // a record that fails everywhere: no user has the id 0
    const auto answer = ask(client, {.atomic = true}, "id\n0\n");
    if (!answer) return std::unexpected(answer.error());
    if (!answer->records) return fail(ErrorType::kInvalidData, whole_failure(*answer));
    if (answer->status == "SUCCESS") {
      return fail(ErrorType::kInvalidData,
                  "This server knows no atomic batches: it would apply parts. Nothing was sent.");
    }
  }
  return {};
}

}  // namespace muster::loader
