#include "vault_api/completion.h"

#include <string>
#include <utility>

#include "base/log.h"
#include "codec/xml_text.h"
#include "vault_api/cors.h"
#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

constexpr std::string_view kDailyLimit = "999999";
constexpr std::size_t kHeadersMax = 15;  // that complete_call() adds

Burst burst_of(ApiState& state, const CallFacts& facts, const Answer& answer) {
  if (answer.login_burst) return *answer.login_burst;
  if (!facts.session) return state.burst.full();
  return state.burst.count(facts.session->vault_id, state.dependencies.clock.steady());
}

void add(http::Response& response, std::string_view name, std::string value) {
  response.headers.push_back({name, std::move(value)});
}

void add_burst(http::Response& response, const Burst& burst) {
  add(response, "X-VaultAPI-BurstLimit", std::to_string(burst.limit));
  add(response, "X-VaultAPI-BurstLimitRemaining", std::to_string(burst.remaining));
  if (burst.delay_ms == 0) return;
  add(response, "X-VaultAPI-ResponseDelay", std::to_string(burst.delay_ms));
  response.delay_ms = burst.delay_ms;
}

void add_session(http::Response& response, const SessionFacts& session) {
  add(response, "X-VaultAPI-VaultId", to_string(session.vault_id));
  add(response, "X-VaultAPI-UserId", to_string(session.user_id));
  add(response, "X-VaultAPI-TruncatedSessionId", session.truncated_id);
}

// A flood of refusals is a few lines a second.
void write_refusal_line(ApiState& state, const CallFacts& facts) {
  const auto now = state.dependencies.clock.steady();
  const auto suppressed = state.refusals.admit(facts.refused_for, now);
  if (!suppressed) return;
  if (*suppressed > 0) {
    log::warning("refusals not logged", {{"reason", facts.refused_for}, {"lines", *suppressed}});
  }
  log::warning("request refused", {{"reason", facts.refused_for},
                                   {"method", facts.method},
                                   {"execution_id", facts.execution_id},
                                   {"address", facts.source_address}});
}

void write_log_line(const CallFacts& facts, const Answer& answer, std::chrono::milliseconds took) {
  const auto& session = answer.opened ? answer.opened : facts.session;
  log::info("request", {{"method", facts.method},
                        {"route", facts.route},
                        {"status", wire_name(answer.status)},
                        {"ms", took.count()},
                        {"user_id", session ? session->user_id.value : 0},
                        {"vault_id", session ? session->vault_id.value : 0},
                        {"client_id", facts.client_id},
                        {"reference_id", facts.reference_id},
                        {"execution_id", facts.execution_id},
                        {"address", facts.source_address}});
}

}  // namespace

Answer in_format(Answer answer, codec::AnswerFormat wanted) {
  using enum codec::AnswerFormat;
  if (answer.format == kJson && wanted == kXml) {
    answer.body = codec::xml_from_json(answer.body);
    answer.format = kXml;
  }
  return answer;
}

http::Response complete_call(ApiState& state, const CallFacts& facts, Answer answer) {
  const auto took = state.dependencies.clock.steady() - facts.started;
  if (facts.refused_for.empty()) {
    write_log_line(facts, answer, took);
  } else {
    write_refusal_line(state, facts);
  }
  state.dependencies.metrics.requests(facts.route, wire_name(answer.status)).Increment();

  http::Response response;
  response.headers.reserve(kHeadersMax);
  response.content_type = codec::content_type(answer.format);
  response.body = std::move(answer.body);
  response.rest = std::move(answer.rest);
  add(response, "X-VaultAPI-ExecutionId", facts.execution_id);
  add(response, "X-VaultAPI-Status", std::string(wire_name(answer.status)));
  add_burst(response, burst_of(state, facts, answer));
  if (const auto& session = answer.opened ? answer.opened : facts.session) {
    add_session(response, *session);
  }
  if (answer.replayed) add(response, "Idempotency-Replayed", "true");
  if (!facts.reference_id.empty()) add(response, "X-VaultAPI-ReferenceId", facts.reference_id);
  if (facts.version && *facts.version <= kDailyLimitUntil) {
    add(response, "X-VaultAPI-DailyLimit", std::string(kDailyLimit));
    add(response, "X-VaultAPI-DailyLimitRemaining", std::string(kDailyLimit));
  }
  if (!facts.cors_origin.empty()) allow_reading(response, facts.cors_origin);  // all of the above
  return response;
}

Answer answer_error(const CallFacts& facts, const Error& error) {
  if (error.type != ErrorType::kUnexpectedError) return failure(error);
  log::error("unexpected error",
             {{"execution_id", facts.execution_id}, {"message", error.message}});
  return failure({.type = error.type,
                  .message = "Unexpected error, execution ID [" + facts.execution_id + "]."});
}

}  // namespace muster::vault_api
