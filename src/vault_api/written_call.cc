#include "vault_api/written_call.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "base/metrics.h"
#include "vault_api/flag_parameter.h"
#include "vault_api/kept_text.h"

namespace muster::vault_api {
namespace {

using directory::BatchOptions;
using directory::BatchOutcome;
using directory::Digest;

bool is_printable(char c) { return c > ' ' && c < '\x7F'; }

// nullopt: the call has none.
Result<std::optional<std::string>> read_key(const RequestContext& context) {
  const auto sent = context.request.headers.find("Idempotency-Key");
  if (!sent) return std::nullopt;
  if (sent->empty() || sent->size() > limits::kIdempotencyKeyBytesMax ||
      !std::ranges::all_of(*sent, is_printable)) {
    return fail(ErrorType::kInvalidData,
                "An Idempotency-Key has 1 to 255 printable ASCII characters and no blanks.");
  }
  return std::string(*sent);
}

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// The scope of a key is the caller, the vault and the call. No part can hold a line end.
Digest key_digest(const RequestContext& context, const std::string& key) {
  const directory::Caller& caller = context.caller();
  return context.state.dependencies.hasher.sha256(
      to_string(caller.user->id) + '\n' + to_string(caller.vault_id) + '\n' + context.facts.method +
      '\n' + std::string(context.request.path) + '\n' + key);
}

// Of everything that says what the call asks for: `operation` and others stand in the query.
Digest body_digest(const RequestContext& context) {
  return context.state.dependencies.hasher.sha256(std::string(context.request.query) + '\n' +
                                                  std::string(bytes_of(context.body_digest)));
}

Result<BatchOptions> read_options(const RequestContext& context, CallKind kind) {
  BatchOptions options;
  const auto dry_run = read_flag("dry_run", context.parameter("dry_run"), false);
  if (!dry_run) return std::unexpected(dry_run.error());
  const auto atomic = read_flag("atomic", context.parameter("atomic"), false);
  if (!atomic) return std::unexpected(atomic.error());
  options.dry_run = *dry_run;
  options.atomic = *atomic;
  if (kind == CallKind::kBulk) {
    directory::Batch& batch = options.batch.emplace();
    batch.started = context.facts.arrived;
    batch.client_id = context.facts.client_id;
    batch.reference_id = context.facts.reference_id;
  }
  return options;
}

// nullopt: the call was not made before.
Result<std::optional<Answer>> find_kept(const RequestContext& context, const Digest& key,
                                        const Digest& body) {
  const auto kept = context.state.dependencies.users.find_answer(key);
  if (!kept) return std::unexpected(kept.error());
  if (!*kept) return std::nullopt;
  if ((*kept)->body != body) {
    return fail(ErrorType::kInvalidData,
                "This Idempotency-Key came with another request; take a new key for a new one.");
  }
  return read_kept_text((*kept)->text);
}

void count_batch(Metrics& metrics, const BatchOutcome& outcome) {
  if (outcome.dry_run || outcome.refused) return;
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

Result<Answer> write_call(const RequestContext& context, const directory::BatchPlan& plan,
                          CallKind kind, const WriteAnswer& answer) {
  const Writer write = [&](const BatchOptions& options) {
    return context.state.dependencies.users.write_users(context.caller(), plan, options);
  };
  return write_call(context, kind, write, answer);
}

Result<Answer> write_call(const RequestContext& context, CallKind kind, const Writer& write,
                          const WriteAnswer& answer) {
  auto options = read_options(context, kind);
  if (!options) return std::unexpected(options.error());
  const auto key = read_key(context);
  if (!key) return std::unexpected(key.error());
  if (!*key || options->dry_run) {  // a dry run may be repeated anyway
    const auto outcome = write(*options);
    if (!outcome) return std::unexpected(outcome.error());
    if (kind == CallKind::kBulk) count_batch(context.state.dependencies.metrics, *outcome);
    return answer(*outcome);
  }

  const Digest name = key_digest(context, **key);
  const auto turn = context.state.keys_in_use.enter(name);
  if (!turn) {
    return fail(ErrorType::kOperationInProgress,
                "A call with this Idempotency-Key is running; ask again.");
  }
  const Digest body = body_digest(context);
  auto kept = find_kept(context, name, body);
  if (!kept) return std::unexpected(kept.error());
  if (*kept) return **std::move(kept);
  std::optional<Answer> told;
  options->keep = {.key = name, .body = body, .text = [&](const BatchOutcome& outcome) {
                     told = answer(outcome);
                     return kept_text(*told);
                   }};
  const auto outcome = write(*options);
  if (!outcome) return std::unexpected(outcome.error());
  if (kind == CallKind::kBulk) count_batch(context.state.dependencies.metrics, *outcome);
  return told ? *std::move(told) : answer(*outcome);  // a refused batch keeps none
}

}  // namespace muster::vault_api
