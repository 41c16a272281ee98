// An answer as it is kept for a repeated call (protocol 7.3): "SUCCESS json\n" and the body.
// Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "vault_api/answer.h"

namespace muster::vault_api {

[[nodiscard]] std::string kept_text(const Answer& answer);
// With `replayed` set. kUnexpectedError for text that kept_text() cannot have written.
[[nodiscard]] Result<Answer> read_kept_text(std::string_view text);

}  // namespace muster::vault_api
