#include "vault_api/api.h"

#include <exception>
#include <string>
#include <utility>

#include "directory/execution_id.h"
#include "directory/session_id.h"
#include "vault_api/completion.h"
#include "vault_api/cors.h"
#include "vault_api/envelope.h"
#include "vault_api/header_list.h"
#include "vault_api/request_body.h"
#include "vault_api/request_context.h"
#include "vault_api/routes.h"
#include "vault_api/tracking.h"

namespace muster::vault_api {
namespace {

CallFacts gather_facts(const ApiState& state, const http::Request& request,
                       const std::vector<codec::FormField>& query) {
  const codec::FormField* client_id = codec::find(query, "client_id");
  CallFacts facts;
  facts.method = request.method;
  facts.arrived = state.dependencies.clock.now();
  facts.execution_id = directory::make_uuid_v7(facts.arrived, state.dependencies.random);
  facts.client_id = tracked_client_id(client_id == nullptr ? "" : client_id->value,
                                      request.headers.get("X-VaultAPI-ClientID"));
  facts.reference_id = tracked_reference_id(request.headers.get("X-VaultAPI-ReferenceId"));
  facts.source_address = request.remote_address;
  facts.cors_origin = listed_origin(request, state.settings);
  facts.started = state.dependencies.clock.steady();
  return facts;
}

RequestContext open_context(ApiState& state, const http::Request& request) {
  RequestContext context(request, state);
  context.query = codec::parse_query(request.query);
  context.facts = gather_facts(state, request, context.query);
  context.origin = find_origin(request, state.settings);
  context.facts.source_address = context.origin.source_address;
  return context;
}

// Where a form makes one user and a bulk body many, the form is answered as single calls are.
std::span<const codec::AnswerFormat> offers_of(const Route& route, const http::Request& request) {
  const bool is_one = route.body == BodyKind::kFormOrBulk && carries_form(request);
  return is_one ? kJsonOrXml : route.offers;
}

Result<void> choose_route(RequestContext& context) {
  auto match = find_route(context.request.method, context.request.path);
  if (!match) return std::unexpected(match.error());
  context.route = match->route;
  context.path = std::move(match->path);
  context.facts.route = match->route->path;
  context.facts.version = match->version;
  context.answer_format = codec::negotiate(header_list(context.request.headers, "Accept"),
                                           offers_of(*match->route, context.request));
  return {};
}

Result<void> open_session(RequestContext& context) {
  const auto authorization = context.request.headers.get("Authorization");
  const SessionNeed need = context.route->session;
  if (need == SessionNeed::kNone) return {};
  if (need == SessionNeed::kOptional && authorization.empty()) return {};

  auto caller = context.state.dependencies.sessions.authenticate(authorization);
  if (!caller) return std::unexpected(caller.error());
  caller->execution_id = context.facts.execution_id;
  const auto session_id = directory::read_session_id(authorization);
  context.facts.session = {
      .vault_id = caller->vault_id,
      .user_id = caller->user->id,
      .truncated_id = session_id ? directory::truncated_session_id(*session_id) : std::string()};
  context.session = std::move(*caller);
  return {};
}

Error too_large(std::uint64_t bytes_max) {
  return {ErrorType::kExceedsFileMaxSize,
          "The request body is larger than " + std::to_string(bytes_max) + " bytes."};
}

// All that can be judged without the body, in the order in which a client would mend it.
Result<void> admit(RequestContext& context) {
  if (auto found = choose_route(context); !found) return found;
  if (auto opened = open_session(context); !opened) return opened;
  if (context.request.content_length.value_or(0) > context.route->body_bytes_max) {
    return std::unexpected(too_large(context.route->body_bytes_max));
  }
  if (context.route->admission != nullptr) return context.route->admission(context);
  return {};
}

// One admitted request: the body arrives, the handler answers.
class Call final : public http::Exchange {
 public:
  Call(RequestContext context, std::unique_ptr<RequestBody> body)
      : context_(std::move(context)), body_(std::move(body)) {
    if (context_.request.headers.find("Idempotency-Key")) {
      digest_ = context_.state.dependencies.hasher.begin_sha256();
    }
  }

  bool on_body(std::string_view chunk) override {
    if (digest_) digest_->update(chunk);
    return body_->feed(chunk);
  }

  http::Response finish() override {
    return complete_call(context_.state, context_.facts,
                         in_format(answer(), context_.answer_format));
  }

 private:
  // Libraries throw where we do not; a call must not take others with it.
  Answer answer() {
    try {
      if (digest_) context_.body_digest = digest_->finish();
      if (auto complete = body_->finish(context_); !complete) {
        return answer_error(context_.facts, complete.error());
      }
      auto answered = context_.route->handler(context_);
      return answered ? std::move(*answered) : answer_error(context_.facts, answered.error());
    } catch (const std::exception& exception) {
      return answer_error(context_.facts, {ErrorType::kUnexpectedError, exception.what()});
    }
  }

  RequestContext context_;
  std::unique_ptr<RequestBody> body_;
  std::unique_ptr<directory::RunningDigest> digest_;  // null: nobody asks for it
};

// The client may be waiting for "100 Continue" or be about to send a gigabyte: neither is
// worth keeping the connection for.
bool must_close(const http::Request& request, const Error& error) {
  return error.type == ErrorType::kExceedsFileMaxSize || request.headers.find("Expect").has_value();
}

http::Response refuse(RequestContext& context, const Error& error) {
  Answer answer = in_format(answer_error(context.facts, error), context.answer_format);
  http::Response response = complete_call(context.state, context.facts, std::move(answer));
  response.close = must_close(context.request, error);
  return response;
}

// Whether the call exists and who may make it is left to the call: its answer can be read.
http::Response answer_preflight(RequestContext& context) {
  context.facts.route = "preflight";
  http::Response response = complete_call(context.state, context.facts, {});
  allow_call(response);
  return response;
}

// What http/ could not even hand over, as an error of the API.
Error refusal_error(int status, std::string_view message) {
  std::string text(message);
  switch (status) {
    case 413:
      return {ErrorType::kExceedsFileMaxSize, std::move(text)};
    case 500:
    case 503:
      return {ErrorType::kUnexpectedError, std::move(text)};
    case 501:
      return {ErrorType::kMethodNotSupported, std::move(text)};
    default:
      return {ErrorType::kInvalidData, std::move(text)};
  }
}

// The API answers these with 200: the envelope says what went wrong.
int refusal_status(int status) { return status == 413 || status == 500 ? 200 : status; }

}  // namespace

Api::Api(ApiDependencies dependencies, ApiSettings settings)
    : state_(std::make_unique<ApiState>(dependencies, std::move(settings))) {}

Api::~Api() = default;

http::Begun Api::begin(const http::Request& request) {
  RequestContext context = open_context(*state_, request);
  if (!context.facts.cors_origin.empty() && is_preflight(request)) return answer_preflight(context);
  if (auto admitted = admit(context); !admitted) return refuse(context, admitted.error());
  auto body = open_body(context);
  if (!body) return refuse(context, body.error());
  const Route& route = *context.route;
  const bool must_hop = route.pool == http::Pool::kNone && state_->dependencies.store.may_wait();
  std::string client = context.origin.source_address;
  return http::Accepted{.exchange = std::make_unique<Call>(std::move(context), std::move(*body)),
                        .pool = must_hop ? http::Pool::kGeneral : route.pool,
                        .body_bytes_max = route.body_bytes_max,
                        .client = std::move(client)};
}

bool Api::may_wait(const http::Request& /*request*/) const {
  return state_->dependencies.store.may_wait();
}

http::Response Api::refusal(const http::Request& request, int status, std::string_view message) {
  CallFacts facts = gather_facts(*state_, request, codec::parse_query(request.query));
  facts.source_address = find_origin(request, state_->settings).source_address;
  facts.refused_for = message;
  const Error error = refusal_error(status, message);
  // A draining server says so; what broke inside is for the log only.
  Answer answer = status == 503 ? failure(error) : answer_error(facts, error);
  http::Response response = complete_call(*state_, facts, std::move(answer));
  response.status = refusal_status(status);
  response.close = true;
  return response;
}

}  // namespace muster::vault_api
