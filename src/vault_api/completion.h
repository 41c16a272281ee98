// The way out of every call: an Answer becomes an HTTP response with the headers of protocol
// section 1.8 (for pages of a listed origin also those of 1.10), is counted, and leaves one log
// line. Nothing of the query string, the body or the session is logged.
//
//   return complete_call(state, facts, in_format(failure(error), context.answer_format));
//
// Thread-safe.
#pragma once

#include "http/message.h"
#include "vault_api/answer.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// A JSON answer as XML where `wanted` is that; any other answer as it is.
[[nodiscard]] Answer in_format(Answer answer, codec::AnswerFormat wanted);

[[nodiscard]] http::Response complete_call(ApiState& state, const CallFacts& facts, Answer answer);

// The answer for an error that ended the call. kUnexpectedError: the client learns the execution id
// only, the message goes to the log.
[[nodiscard]] Answer answer_error(const CallFacts& facts, const Error& error);

}  // namespace muster::vault_api
