#include "vault_api/users_bulk.h"

#include "base/text.h"
#include "vault_api/record_results.h"

namespace muster::vault_api {
namespace {

void count_batch(Metrics& metrics, const directory::BatchOutcome& outcome) {
  metrics.batches.Increment();
  for (const auto& record : outcome.records) {
    if (!record.succeeded()) {
      metrics.records_failed.Increment();
    } else if (record.changed) {
      metrics.records_succeeded.Increment();
    } else {
      metrics.records_unchanged.Increment();
    }
  }
}

}  // namespace

Result<void> admit_update_users(const RequestContext& context) {
  if (equals_ignoring_case(context.parameter("operation"), "upsert")) {
    return fail(ErrorType::kInvalidData, "Operation [upsert] is a POST to this path, not a PUT.");
  }
  if (!context.caller().may_update_users()) {
    return fail(ErrorType::kInsufficientAccess,
                "Updating users takes a System Admin, Vault Owner or Domain Admin.");
  }
  return {};
}

Result<Answer> update_users(const RequestContext& context) {
  const auto outcome =
      context.state.dependencies.users.update_users(context.caller(), context.plan);
  if (!outcome) return std::unexpected(outcome.error());
  count_batch(context.state.dependencies.metrics, *outcome);
  return record_results(*outcome, context.answer_format);
}

}  // namespace muster::vault_api
