// What an endpoint answers, before it becomes an HTTP response: the handler says what it
// knows, completion.h adds what every answer carries.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "codec/media_type.h"
#include "directory/ids.h"
#include "http/message.h"
#include "vault_api/burst_limiter.h"

namespace muster::vault_api {

// responseStatus of the envelope, and the header X-VaultAPI-Status.
enum class ResponseStatus : std::uint8_t { kSuccess, kWarning, kFailure, kException };

// "SUCCESS", "WARNING", "FAILURE", "EXCEPTION".
[[nodiscard]] std::string_view wire_name(ResponseStatus status);

// The session an answer speaks of in its headers.
struct SessionFacts {
  directory::VaultId vault_id;
  directory::UserId user_id;
  std::string truncated_id;
};

struct Answer {
  ResponseStatus status = ResponseStatus::kSuccess;
  std::string body;
  codec::AnswerFormat format = codec::AnswerFormat::kJson;
  std::optional<Burst> login_burst = std::nullopt;   // on /auth the burst headers describe this one
  bool replayed = false;                             // to a call that was made before
  std::unique_ptr<http::BodySource> rest = nullptr;  // of a long answer, after `body`
  std::optional<SessionFacts> opened = std::nullopt;  // by a login: the session just begun
};

}  // namespace muster::vault_api
