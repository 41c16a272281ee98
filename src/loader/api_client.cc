#include "loader/api_client.h"

#include <algorithm>

#include "loader/api_answer.h"
#include "loader/limits.h"

namespace muster::loader {
namespace {

bool is_failure(const HttpAnswer& answer) {
  return answer.header("X-VaultAPI-Status") != "SUCCESS";
}

bool session_ended(const HttpAnswer& answer) {
  if (!is_failure(answer)) return false;
  const auto envelope = parse_batch_answer(answer.body);
  return envelope && std::ranges::any_of(envelope->errors, [](const ApiError& error) {
           return error.type == wire_name(ErrorType::kInvalidSessionId);
         });
}

}  // namespace

Result<HttpAnswer> ApiClient::call(HttpRequest request) {
  return call_in_session(std::move(request), nullptr);
}

Result<HttpAnswer> ApiClient::call(HttpRequest request, const BodySink& sink) {
  return call_in_session(std::move(request), &sink);
}

Result<HttpAnswer> ApiClient::call_in_session(HttpRequest request, const BodySink* sink) {
  request.headers.emplace_back("X-VaultAPI-ClientID", "muster");
  request.headers.emplace_back("Authorization", std::string());
  for (int logins = 0;; ++logins) {
    const ApiSession::Ticket ticket = session_.ticket();
    request.headers.back().second = ticket.id;
    auto answer = exchange(request, sink);
    if (!answer) return answer;
    if (answer->status >= 400) {
      return fail(ErrorType::kUnexpectedError,
                  "The server answers with status " + std::to_string(answer->status) + ".");
    }
    if (logins == limits::kLoginsPerCallMax || !session_ended(*answer)) return answer;
    if (auto renewed = session_.renew(connection_, ticket); !renewed) {
      return std::unexpected(renewed.error());
    }
  }
}

Result<HttpAnswer> ApiClient::exchange(const HttpRequest& request, const BodySink* sink) {
  if (sink == nullptr) return connection_.exchange(request);
  std::string failure;
  auto answer = connection_.exchange(request, [&](const HttpAnswer& head, std::string_view piece) {
    if (head.status < 400 && !is_failure(head)) return (*sink)(head, piece);
    if (failure.size() < limits::kAnswerBytesMax) failure += piece;
    return Result<void>{};
  });
  if (answer) answer->body = std::move(failure);
  return answer;
}

}  // namespace muster::loader
