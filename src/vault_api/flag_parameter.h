// Parameters that are true or false, in any case (protocol 2.5). Anything else is refused: who
// sends domain=yes to disable an account must not be told that it was done.
//
//   const auto in_domain = read_flag("domain", context.parameter("domain"), false);
//   if (!in_domain) return std::unexpected(in_domain.error());
//
// Pure, safe from any thread.
#pragma once

#include <string_view>

#include "base/result.h"

namespace muster::vault_api {

// `otherwise` for an empty text, as for a parameter that was not sent. kInvalidData, naming the
// parameter, for what is neither true nor false.
[[nodiscard]] Result<bool> read_flag(std::string_view name, std::string_view text, bool otherwise);

}  // namespace muster::vault_api
