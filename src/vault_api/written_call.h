// Calls that write users run here, with the options that any of them may carry: dry_run, atomic and
// an Idempotency-Key (protocol 7.1 to 7.3).
//
//   return write_call(context, plan, CallKind::kBulk,
//                     [&](const BatchOutcome& outcome) { return record_results(outcome, format);
//                     });
//
// Thread-safe.
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "directory/batch_plan.h"
#include "directory/record_outcome.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

enum class CallKind : std::uint8_t {
  kBulk,  // remembered as a batch
  kOne,   // about one user
};

using WriteAnswer = std::function<Answer(const directory::BatchOutcome&)>;

// What `answer` makes of the outcome; or, when the call was made before under the same key, what
// was answered then. Errors: those of UserService::write_users(); kInvalidData for an option or key
// that is none, or a key that came with another body; kOperationInProgress while a call with the
// same key runs.
[[nodiscard]] Result<Answer> write_call(const RequestContext& context,
                                        const directory::BatchPlan& plan, CallKind kind,
                                        const WriteAnswer& answer);

// The same with another writer than UserService::write_users().
using Writer = std::function<Result<directory::BatchOutcome>(const directory::BatchOptions&)>;
[[nodiscard]] Result<Answer> write_call(const RequestContext& context, CallKind kind,
                                        const Writer& write, const WriteAnswer& answer);

}  // namespace muster::vault_api
