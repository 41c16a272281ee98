// The page a list call asks for. Pure function, safe from any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

struct Page {
  std::int64_t start = 0;
  std::int64_t limit = 0;
};

// What happens to a limit above limits::kPageSizeMax.
enum class PageTooLong : std::uint8_t { kShorten, kRefuse };

// From the query parameters `start_name` (default 0) and "limit" (default kPageSizeDefault).
// kInvalidData: not a number, a limit below 1 or, with kRefuse, above the maximum.
[[nodiscard]] Result<Page> read_page(const RequestContext& context, std::string_view start_name,
                                     PageTooLong too_long);

}  // namespace muster::vault_api
